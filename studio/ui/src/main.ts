// The page: the picture, the question and the answer on the left, and beside them the open view.

import { html, nothing, render, type PropertyValues } from 'lit';
import { app, Part, VIEWS, type Entry, type View, type Word } from './app';
import { ablateRequest, attentionRequest, currentMap, headRequest, lensRequest, methodRequest, silenceRequest, traceRequest } from './maps';
import { compareRequest } from './rivals';
import { flowRequest } from './views/flow';
import { causesRequest } from './views/causes';
import { strategyRequest } from './views/strategies';
import { changed, judgedAbout } from './edits';
import { copy, refusal } from './parts';
import { short, VERDICTS } from './text';
import { server } from './api';
import { glossary } from './terms';
import { startTour } from './tour';
import './stage';
import './views/ask';
import './views/patches';
import './views/heads';
import './views/words';
import './views/attention';
import './views/trace';
import './views/compare';
import './views/flow';
import './views/causes';
import './views/strategies';
import './views/data';
import './views/edit';
import './views/library';
import './draw/ground.css';
import './draw/draw.css';
import './style.css';

const TITLES: Record<View, string> = { ask: 'Ask', patches: 'Patches', heads: 'Heads', words: 'Words', attention: 'Attention', trace: 'Trace', edit: 'Edit', compare: 'Compare', flow: 'Flow', causes: 'Causes', strategies: 'Strategies', data: 'Data', library: 'Library' };
const KEYS: [string, string][] = [
  ['1 … 9', 'the first nine views'], ['[ ]', 'the view before, the view after'], ['← →', 'the word before, the word after'], ['↑ ↓', 'the layer above, the layer below'], ['/', 'search: words in patches, or the library'],
  ['Q', 'the question'], ['O', 'in Heads: silence the chosen head, or let it speak'], ['T', 'light or dark'], ['?', 'this help'], ['Esc', 'close, let go'], ['arrows, Enter', 'in a picture or a matrix: move, choose'],
];

class StudioPage extends Part {
  private help = false;
  private shownView = '';

  override connectedCallback(): void {
    super.connectedCallback();
    addEventListener('keydown', (event) => this.key(event));
    addEventListener('paste', (event) => this.pasted(event));
    addEventListener('dragover', (event) => event.preventDefault());
    addEventListener('drop', (event) => this.dropped(event));
  }

  override render(): unknown {
    if (!app.ready) return html`<p class="starting" role="status">Loading …</p>`;
    return html`
      <a class="skip" href="#view" @click=${(event: Event) => { event.preventDefault(); this.querySelector<HTMLElement>('#view')?.focus(); }}>To the view</a>
      <header class="bar">
        <h1 class="brand"><svg viewBox="0 0 32 20" aria-hidden="true"><path d="M1 10 Q16 -6 31 10 Q16 26 1 10Z"/><circle cx="16" cy="10" r="4.2"/></svg>Lynceus</h1>
        <nav aria-label="Views">${VIEWS.map((view) => html`<button data-view=${view} aria-current=${view === app.state.view ? 'page' : nothing} @click=${() => app.set({ view })}>${TITLES[view]}</button>`)}</nav>
        <span class="acts">
          ${this.command() ? html`<span class="copying">Copy</span><button class="quiet" data-act="copy" aria-label="Copy command" title="The command line that shows the same" @click=${(event: Event) => void copy(this.command(), event.currentTarget as HTMLElement)}>command</button>` : nothing}
          ${this.command() && !app.offline ? html`<button class="quiet" data-act="code" aria-label="Copy code" title="The Java that asks the same" @click=${(event: Event) => void this.code(event.currentTarget as HTMLElement)}>code</button>` : nothing}
          <button class="round" data-act="theme" aria-label="Light or dark" title="Light or dark (T)" @click=${() => this.theme()}><svg viewBox="0 0 20 20" aria-hidden="true"><circle cx="10" cy="10" r="7"/><path d="M10 3a7 7 0 0 1 0 14z"/></svg></button>
          <button class="round" data-act="help" aria-label="Keys and help" title="Keys (?)" @click=${() => this.toggleHelp()}>?</button>
        </span>
      </header>
      ${app.problem ? html`<div class="note">${refusal(app.problem)}</div>` : nothing}
      <main data-view=${app.state.view}>
        <aside aria-label="Picture, question, answer">
          <lv-stage></lv-stage>
          ${currentMap() ? html`<p class="caption">${currentMap()?.caption}</p>` : nothing}
          ${this.turns()}
          ${this.asking()}
          ${this.answer()}
          ${app.offline ? nothing : this.source()}
        </aside>
        <section id="view" tabindex="-1" aria-label=${TITLES[app.state.view]}>${this.view()}</section>
      </main>
      ${app.offline ? html`<footer>Saved from the Lynceus studio, version ${app.kept?.version}. Nothing is fetched.</footer>` : nothing}
      ${this.help ? this.helpBox() : nothing}
      <lv-tour></lv-tour>`;
  }

  private view(): unknown {
    switch (app.state.view) {
      case 'ask': return html`<lv-ask></lv-ask>`;
      case 'patches': return html`<lv-patches></lv-patches>`;
      case 'heads': return html`<lv-heads></lv-heads>`;
      case 'words': return html`<lv-words></lv-words>`;
      case 'attention': return html`<lv-attention></lv-attention>`;
      case 'trace': return html`<lv-trace></lv-trace>`;
      case 'compare': return html`<lv-compare></lv-compare>`;
      case 'flow': return html`<lv-flow></lv-flow>`;
      case 'causes': return html`<lv-causes></lv-causes>`;
      case 'strategies': return html`<lv-strategies></lv-strategies>`;
      case 'edit': return html`<lv-edit></lv-edit>`;
      case 'data': return html`<lv-data></lv-data>`;
      case 'library': return html`<lv-library></lv-library>`;
    }
  }

  private asking(): unknown {
    if (app.offline) return html`<p class="question">${app.state.question}</p>`;
    return html`<form class="asking" @submit=${(event: Event) => this.submit(event)}>
      <label class="visually-hidden" for="question">Question</label>
      <textarea id="question" rows="1" placeholder="Ask about the picture" .value=${app.state.question} @keydown=${(event: KeyboardEvent) => { if (event.key === 'Enter' && !event.shiftKey) this.submit(event); }}></textarea>
      <button class="primary" data-act="ask">Ask</button>
      ${app.ask().result ? html`<button type="button" data-act="go-on" title="Ask it as the next turn of this conversation" @click=${() => this.goOn()}>Go on</button>` : nothing}</form>
      ${this.settings()}`;
  }

  /** What was said before, each turn a way back to it. */
  private turns(): unknown {
    const turns = app.turns();
    return turns.length ? html`<ol class="turns" aria-label="The conversation so far">${turns.map((turn, i) => html`<li><button class="link" data-turn=${i} ?disabled=${app.offline} @click=${() => app.set({ question: turn.question, before: i ? JSON.stringify(turns.slice(0, i).flatMap((one) => [one.question, one.answer])) : '' })}>${turn.question}</button><p>${turn.answer}</p></li>`)}</ol>` : nothing;
  }

  /** How the tokens of the answer are chosen, by the names of the command line. */
  private settings(): unknown {
    const { temperature, topP, topK, seed, tokens } = app.state;
    const said = [temperature > 0 ? `temperature ${temperature}, seed ${seed}` : 'the most probable answer', ...(tokens > 0 ? [`at most ${tokens} tokens`] : [])].join(', ');
    const field = (name: string, key: 'temperature' | 'topP' | 'topK' | 'seed' | 'tokens', value: string, least: number, most: number, step: string, otherwise: number, free: boolean): unknown =>
      html`<label>${name} <input type="number" data-set=${key} min=${least} max=${most} step=${step} placeholder="model’s" ?disabled=${!free} .value=${value} @change=${(event: Event) => { const text = (event.target as HTMLInputElement).value; const number = Number(text); app.set({ [key]: text === '' || !Number.isFinite(number) ? otherwise : Math.min(most, Math.max(least, number)) }); }}></label>`;
    return html`<details class="settings"><summary>Settings: ${said}</summary><div>
      ${field('temperature', 'temperature', String(temperature), 0, 10, '0.1', 0, true)}
      ${field('top-p', 'topP', topP > 0 ? String(topP) : '', 0, 1, '0.05', 0, temperature > 0)}
      ${field('top-k', 'topK', topK >= 0 ? String(topK) : '', 0, 1_000_000, '1', -1, temperature > 0)}
      ${field('seed', 'seed', String(seed), 0, 2 ** 31, '1', 0, temperature > 0)}
      ${field('max-tokens', 'tokens', tokens > 0 ? String(tokens) : '', 1, 4096, '1', 0, true)}
      <small>Temperature 0 always takes the most probable token; above 0 lots are drawn, and the same seed draws the same answer.</small></div></details>`;
  }

  private goOn(): void {
    const question = this.querySelector<HTMLTextAreaElement>('#question')?.value.trim() ?? '';
    if (question) app.goOn(question);
  }

  private source(): unknown {
    return html`<div class="source">
      <label class="button" title="Dropping or pasting one does the same">Another picture<input type="file" accept="image/*" class="visually-hidden" data-act="file" @change=${(event: Event) => this.chosen(event, false)}></label>
      ${app.sums().length ? html`<label class="button">Add pictures<input type="file" accept="image/*" multiple class="visually-hidden" data-act="add" @change=${(event: Event) => this.chosen(event, true)}></label>` : nothing}
      ${app.sums().length ? nothing : html`<small>or drop or paste one</small>`}
      <label class="model"><span class="visually-hidden">Model</span><select data-act="model" @change=${(event: Event) => app.set({ model: (event.target as HTMLSelectElement).value })}>${app.models.map((model) => html`<option ?selected=${model.name === app.state.model}>${model.name}</option>`)}</select></label></div>`;
  }

  private answer(): unknown {
    const words = app.words();
    const at = app.wordIndex();
    const judged = app.evidence().ended;
    // Until they are judged, words have the colour of what the picture does to them.
    const colour = (word: Word): string => ('soFar' in word ? word.soFar || 'open' : judged ? word.verdict : 'open');
    const seen = [...new Set(words.map(colour))].filter((verdict) => verdict in VERDICTS && verdict !== 'open');
    return html`<div class="answer" role="group" aria-label="Answer: choose a word">${words.map((word, i) => html`<button class="word ${judged ? '' : 'pending '}${colour(word)}" data-word=${i} aria-pressed=${i === at ? 'true' : 'false'} title=${VERDICTS[colour(word)]?.name ?? ''} @click=${() => app.set({ word: i })}>${word.text}</button>`)}</div>
      ${seen.length ? html`<ul class="key" aria-label="What the colours mean">${seen.map((verdict) => html`<li><span class="dot ${verdict}" aria-hidden="true"></span>${VERDICTS[verdict].name}</li>`)}</ul>` : nothing}`;
  }

  /** The run that the open view stands upon. */
  private entry(): Entry | undefined {
    switch (app.state.view) {
      case 'ask': return app.peek(app.evidenceRequest()) ?? app.peek(app.askRequest());
      case 'patches': return (app.state.method && app.word() ? app.peek(methodRequest(app.state.method)) : undefined) ?? app.explain();
      case 'heads': return (app.state.off && app.word() ? app.peek(silenceRequest(app.state.off.split(','))) : undefined) ?? ((app.state.measure === 'need' || app.state.stack !== 'decoder') && app.word() ? app.peek(ablateRequest()) : undefined) ?? (app.state.head && app.word() ? app.peek(headRequest(app.state.head)) : undefined) ?? (app.state.measure === 'increase' ? app.explain() : app.peek(attentionRequest()));
      case 'attention': return app.word() ? app.peek(attentionRequest()) : undefined;
      case 'words': return app.peek(lensRequest());
      case 'trace': return app.word() ? app.peek(traceRequest()) : undefined;
      case 'compare': return app.word() ? app.peek(compareRequest()) : undefined;
      case 'flow': return app.word() ? app.peek(flowRequest()) : undefined;
      case 'causes': return app.word() ? app.peek(causesRequest()) : undefined;
      case 'strategies': return app.peek(strategyRequest());
      case 'edit': { const made = changed()?.edited; return made && app.ask().result ? app.peek(judgedAbout(made.picture.sha256)) : undefined; }
      case 'data':
      case 'library': return undefined;
    }
  }

  private async code(button: HTMLElement): Promise<void> {
    const id = this.entry()?.info?.id;
    if (id) await copy(await server.code(id), button);
  }

  private command(): string {
    const command = this.entry()?.info?.command ?? '';
    // A changed picture is a file once it is saved; what made it stands above.
    return command && app.state.view === 'edit' ? `# ${changed()?.edited?.picture.name ?? ''}: ${app.picture()?.name ?? ''} after ${app.state.edit}\n${command}` : command;
  }

  private submit(event: Event): void {
    event.preventDefault();
    const field = this.querySelector<HTMLTextAreaElement>('#question');
    const question = field?.value.trim() ?? '';
    if (question) app.set({ question, before: '' });
  }

  private chosen(event: Event, beside: boolean): void {
    const field = event.target as HTMLInputElement;
    void app.keep([...(field.files ?? [])], beside).then(() => { field.value = ''; });
  }

  private pasted(event: ClipboardEvent): void {
    const files = [...(event.clipboardData?.files ?? [])].filter((one) => one.type.startsWith('image/'));
    if (files.length && !app.offline) { event.preventDefault(); void app.keep(files, false); }
  }

  private dropped(event: DragEvent): void {
    event.preventDefault();
    const files = [...(event.dataTransfer?.files ?? [])];
    if (files.length && !app.offline) void app.keep(files, event.shiftKey);
  }

  private theme(): void {
    const root = document.documentElement;
    const dark = getComputedStyle(root).getPropertyValue('--is-dark').trim() === '1';
    root.dataset.theme = dark ? 'light' : 'dark';
    try { localStorage.setItem('lynceus-theme', root.dataset.theme); } catch { /* a file may have no storage */ }
    app.dispatchEvent(new Event('theme'));
    app.changed();
  }

  private toggleHelp(): void { this.help = !this.help; this.requestUpdate(); }

  private helpBox(): unknown {
    return html`<div class="veil" @click=${() => this.toggleHelp()}><dialog open aria-label="Keys" @click=${(event: Event) => event.stopPropagation()}>
      <h2>Keys</h2><dl>${KEYS.map(([key, what]) => html`<div><dt><kbd>${key}</kbd></dt><dd>${what}</dd></div>`)}</dl>
      <p class="soft">The address of the page holds all that is chosen: keep it, send it, go back.</p>${glossary()}<p class="row">${app.offline ? nothing : html`<button data-act="tour" @click=${() => { this.toggleHelp(); startTour(); }}>Take the tour</button>`}<button data-act="close" @click=${() => this.toggleHelp()}>Close</button></p></dialog></div>`;
  }

  private key(event: KeyboardEvent): void {
    const target = event.target as HTMLElement;
    if (event.key === 'Escape') {
      if (this.help) this.toggleHelp();
      else target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || target.closest('input, textarea, select')) return;
    const number = Number(event.key);
    if (number >= 1 && number <= VIEWS.length) app.set({ view: VIEWS[number - 1] });
    else if (event.key === '[' || event.key === ']') app.set({ view: VIEWS[Math.min(VIEWS.length - 1, Math.max(0, VIEWS.indexOf(app.state.view) + (event.key === ']' ? 1 : -1)))] });
    else if (event.key === 'ArrowLeft' || event.key === 'ArrowRight') this.step(event.key === 'ArrowRight' ? 1 : -1);
    else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      app.set({ layer: Math.min(app.layers(), Math.max(0, app.state.layer + (event.key === 'ArrowUp' ? 1 : -1))) }, true);
    } else if (event.key === '/') this.search();
    else if (event.key === '?') this.toggleHelp();
    else if (event.key.toLowerCase() === 'q') this.querySelector<HTMLElement>('#question')?.focus();
    else if (event.key.toLowerCase() === 'o' && app.state.view === 'heads') this.querySelector<HTMLElement>('[data-act=toggle]')?.click();
    else if (event.key.toLowerCase() === 't') this.theme();
    else return;
    event.preventDefault();
  }

  private step(by: number): void {
    const count = app.words().length;
    if (count) app.set({ word: Math.min(count - 1, Math.max(0, app.wordIndex() + by)) });
  }

  private search(): void {
    if (app.state.view !== 'library' && app.state.view !== 'words') app.set({ view: 'words' });
    setTimeout(() => this.querySelector<HTMLElement>('input[type=search]')?.focus(), 50);
  }

  protected override updated(_changed: PropertyValues): void {
    this.querySelector('dialog button')?.closest('dialog')?.querySelector<HTMLElement>('button')?.focus();
    if (this.shownView !== app.state.view) {
      this.shownView = app.state.view;
      this.querySelector('nav [aria-current]')?.scrollIntoView({ inline: 'center', block: 'nearest' });
    }
    const title = app.state.question ? `${short(app.state.question, 80)} · Lynceus` : 'Lynceus studio';
    if (document.title !== title) document.title = title;
  }
}
customElements.define('lv-studio', StudioPage);

try {
  const kept = localStorage.getItem('lynceus-theme');
  if (kept === 'dark' || kept === 'light') document.documentElement.dataset.theme = kept;
} catch { /* a file may have no storage */ }
render(html`<lv-studio></lv-studio>`, document.body);
void app.start();
