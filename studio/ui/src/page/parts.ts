// Where things stand in the page, and what is drawn there anew when the state changes.

import { html, render } from 'lit';
import { explanation, on, state, word } from './state';
import { NAMES } from '../draw/names';
import { visible } from '../draw/text';
import type { Word } from '../draw/source';

export const byId = (id: string): HTMLElement => document.getElementById(id) as HTMLElement;

/** Draws into the element `id` now and after each change of one of `keys`. */
export function view(id: string, keys: string, drawn: () => unknown): void {
  const host = byId(id);
  host.replaceChildren();
  const draw = (): void => { render(drawn(), host); };
  on(keys, draw);
  draw();
}

let timer = 0;
/** Tells screen readers, once the reader has come to rest. */
export function announce(text: string): void {
  clearTimeout(timer);
  timer = window.setTimeout(() => { byId('live').textContent = text; }, 350);
}

function save(name: string, type: string, content: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([content], { type }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

export type Row = Record<string, unknown>;

/** What every row of a table is about, so that a file says what it is wherever it goes. */
const told = (rows: Row[]): Row[] => rows.map((row) => ({
  model: explanation.provenance.model, revision: explanation.provenance.revision, question: explanation.prompt.question, answer: explanation.answer.text,
  word: word() ? visible(word().target.text) : '', unit: NAMES.nats, ...row,
}));

function csv(rows: Row[]): string {
  const keys = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const cell = (v: unknown): string => {
    const text = v === null || v === undefined ? '' : String(v);
    return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
  };
  return `${[keys, ...rows.map((row) => keys.map((key) => row[key]))].map((row) => row.map(cell).join(',')).join('\r\n')}\r\n`;
}

export const texts = (words: Word[] | null | undefined): string => (words ?? []).map((one) => one.text).join(' | ');

/** Buttons that give a figure's numbers; `rows` makes flat records when one is pressed. */
export function dataButtons(name: string, rows: () => Row[]): unknown {
  const file = (ending: string): string => `lynceus-${state.word}-${name}.${ending}`;
  return html`<button type="button" class="data" aria-label=${`Data of ${name} as CSV`} @click=${() => save(file('csv'), 'text/csv', csv(told(rows())))}>CSV</button>
    <button type="button" class="data" aria-label=${`Data of ${name} as JSON`} @click=${() => save(file('json'), 'application/json', JSON.stringify(told(rows()), null, 1))}>JSON</button>`;
}

export const saveJson = (name: string, value: unknown): void => save(name, 'application/json', JSON.stringify(value, null, 1));

/** Copies text; works where the clipboard interface is not allowed, too. */
export async function copy(text: string, button: HTMLElement): Promise<void> {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    const area = document.createElement('textarea');
    area.className = 'visually-hidden';
    area.value = text;
    document.body.append(area);
    area.select();
    document.execCommand('copy');
    area.remove();
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = before; }, 1200);
}

export const copyButton = (text: string): unknown => html`<button type="button" class="data" @click=${(event: Event) => void copy(text, event.currentTarget as HTMLElement)}>Copy</button>`;

/** A command that breaks between its arguments, never inside one: "--target" stays whole. */
export const commandCode = (line: string): unknown => html`<code>${line.split(/( )/).map((part) => (part.startsWith('-') ? html`<span class="whole">${part}</span>` : part))}</code>`;
