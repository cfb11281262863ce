// Small parts that every view has.

import { html, nothing, type TemplateResult } from 'lit';
import { app, type Entry, type Followed } from './app';
import { seconds } from './text';
import type { Kind, Problem, ResultOf } from './api';

/** What was refused, in the words of who refused it. */
export function refusal(problem: Problem): TemplateResult {
  return html`<div class="refusal" role="alert"><b>${problem.message}</b>${problem.next ? html`<p>${problem.next}</p>` : nothing}</div>`;
}

/** How far a run is, with the way to stop it. */
export function progress(entry: Followed): TemplateResult {
  const told = entry.progress;
  const state = told?.state ?? entry.info?.state ?? 'QUEUED';
  const text = state === 'QUEUED' ? 'waiting for other runs' : (told?.stage || 'beginning');
  const counted = told && told.total > 0;
  return html`<div class="progress" role="status">
    <div class="progress-line">
      <span class="spinner" aria-hidden="true"></span>
      <span>${text}${counted ? html` <b>${told.done} of ${told.total}</b>` : nothing}</span>
      ${told?.rate ? html`<small>${told.rate >= 1 ? `${told.rate.toFixed(1)} a second` : `${(1 / told.rate).toFixed(1)} s each`}</small>` : nothing}
      ${told?.left != null && counted ? html`<small>${seconds(told.left)} left</small>` : nothing}
      ${entry.info ? html`<button class="quiet" data-act="cancel" @click=${() => app.runs.cancel(entry)}>Cancel</button>` : nothing}
    </div>
    <progress max=${counted ? told.total : 1} .value=${counted ? told.done : 0} aria-label="How far it is"></progress>
  </div>`;
}

/** What is shown of a run: its result, or how far it is, or why there is none. */
export function shown<K extends Kind>(entry: Entry<K>, result: (result: ResultOf<K>) => unknown): unknown {
  if (entry.result) return result(entry.result);
  if (entry.problem) {
    return html`${refusal(entry.problem)}${app.offline ? nothing : html`<button data-act="again" @click=${() => { app.need(entry.request, true); app.changed(); }}>Ask again</button>`}`;
  }
  return progress(entry);
}

/** A heading with the sentence that says what is seen. */
export function head(title: string, what: unknown, more: unknown = nothing): TemplateResult {
  return html`<header class="view-head"><div><h2>${title}</h2><p>${what}</p></div>${more}</header>`;
}

/** Choices of which one holds. */
export function choices<T extends string>(name: string, options: [T, string][], now: T, choose: (option: T) => void): TemplateResult {
  return html`<div class="choices" role="group" aria-label=${name}>${options.map(([value, text]) => html`<button aria-pressed=${value === now ? 'true' : 'false'} data-value=${value} @click=${() => choose(value)}>${text}</button>`)}</div>`;
}

export async function copy(text: string, button: HTMLElement): Promise<void> {
  const before = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
    button.textContent = 'Copied';
  } catch {
    button.textContent = 'Copying is not allowed';
  }
  setTimeout(() => { button.textContent = before; }, 1400);
}
