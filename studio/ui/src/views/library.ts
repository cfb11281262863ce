// Library: what was asked before.

import { html, nothing } from 'lit';
import { app, Part, told, type State, type View } from '../app';
import { PILES, type Pile } from '../state';
import { head, refusal } from '../parts';
import { KINDS, options, plain, seconds, short, WHAT } from '../text';
import { server, type Experiment, type Problem, type Request, type RunInfo } from '../api';

const VIEW_OF: Record<string, View> = { ask: 'ask', evidence: 'ask', explain: 'patches', occlude: 'patches', region: 'patches', looks: 'heads', lens: 'words', attention: 'attention', trace: 'trace', compare: 'compare', knockout: 'flow', causes: 'causes', strategy: 'strategies', silence: 'heads', ablate: 'heads' };

/** The word that a request is about. */
function wordOf(request: Request | Experiment): string | null | undefined {
  if ('measure' in request && request.measure?.kind === 'word') return request.measure.word;
  if (!('target' in request) || !request.target) return undefined;
  return typeof request.target === 'string' ? request.target : 'word' in request.target ? request.target.word : undefined;
}

/** The picture that says which region a request is about. */
function maskOf(request: Request | Experiment): string {
  const mask = request.request === 'region' && request.region.kind === 'mask' ? request.region.picture
    : request.request === 'occlude' && request.parts?.kind === 'masks' ? request.parts.pictures?.[0] : undefined;
  return mask?.kind === 'stored' ? mask.sha256 : '';
}

/** What of the selection a request says. */
function chosenBy(request: Request | Experiment): Partial<State> {
  return {
    method: 'methods' in request ? request.methods?.[0] ?? '' : '', head: request.request === 'attention' ? String(request.named?.[0] ?? '') : '',
    by: request.request === 'trace' ? request.corruption?.by?.kind ?? 'noise' : 'noise', mask: maskOf(request),
    stack: 'stack' in request && typeof request.stack === 'string' && request.stack in PILES ? (request.stack as Pile) : 'decoder',
    ...(request.request === 'region' ? { image: request.of ?? 0 } : {}),
    ...(request.request === 'silence' ? { off: (request.heads ?? []).join(',') } : {}),
    ...(request.request === 'looks' ? { measure: 'entropy' } : request.request === 'ablate' || request.request === 'silence' ? { measure: 'need' } : {}),
  };
}

export class LibraryView extends Part {
  private runs?: RunInfo[];
  private search = '';
  private more = false;
  private problem?: Problem;
  private open = '';
  private tables: string[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    if (app.kept) this.runs = app.kept.runs.map((one) => one.info).reverse();
    else void this.load(true);
  }

  private async load(anew: boolean): Promise<void> {
    try {
      const before = anew ? '9999' : this.runs?.at(-1)?.created ?? '9999';
      const page = await server.list(this.search, before);
      this.runs = anew ? page : [...(this.runs ?? []), ...page];
      this.more = page.length === 50;
      this.problem = undefined;
    } catch (refused) {
      this.problem = told(refused);
    }
    this.requestUpdate();
  }

  override render(): unknown {
    return html`
      ${head('Library', app.offline ? 'The runs that this page was saved with.' : 'Every run is kept until you delete it. The same question to the same model is answered from here.',
        app.offline ? nothing : html`<input type="search" aria-label="Search the library" placeholder="Words, tags, kinds" data-act="find" .value=${this.search} @input=${(event: Event) => { this.search = (event.target as HTMLInputElement).value; void this.load(true); }}>`)}
      ${this.problem ? refusal(this.problem) : nothing}
      ${this.runs && !this.runs.length ? html`<p class="hint">Nothing is here${this.search ? ' with these words' : ' yet'}.</p>` : nothing}
      <ul class="runs">${(this.runs ?? []).map((run) => this.row(run))}</ul>
      ${this.more ? html`<button @click=${() => void this.load(false)}>Older runs</button>` : nothing}`;
  }

  private row(run: RunInfo): unknown {
    const open = this.open === run.id;
    const picture = run.pictures[0];
    return html`<li data-run=${run.id} class=${open ? 'on' : ''}>
      <div class="run">
        ${picture ? html`<img src=${app.address(picture)} alt="" loading="lazy">` : html`<span class="no-shot"></span>`}
        <div class="run-text"><b>${KINDS[run.kind] ?? run.kind}</b> <small>${short(run.question)}</small>
          <p>${run.error ? run.error.message : plain(run.summary) || (run.state === 'DONE' ? WHAT[run.kind] ?? '' : run.state.toLowerCase())} <code>${short(options(run.command, run.question), 400)}</code></p>
          <small>${new Date(run.created).toLocaleString()} · ${run.model}${run.seconds != null ? ` · ${seconds(run.seconds)}` : ''}</small>
          ${run.note ? html`<p class="noted">${run.note}</p>` : nothing}
          ${run.tags.map((tag) => html`<span class="tag">${tag}</span>`)}</div>
        <div class="run-acts"><button data-act="reopen" @click=${() => void this.reopen(run)}>Open</button>
          <button class="quiet" aria-expanded=${open ? 'true' : 'false'} data-act="more" @click=${() => void this.unfold(run)}>More</button></div>
      </div>
      ${open ? this.details(run) : nothing}</li>`;
  }

  private details(run: RunInfo): unknown {
    const base = `/api/runs/${run.id}`;
    return html`<div class="details">
      <pre tabindex="0" aria-label="The command that does the same">${run.command}</pre>
      ${app.offline ? nothing : html`
        ${run.state === 'DONE' ? html`<p class="row"><a class="button" data-act="page" href=${`${base}/page`} download>Page as one file</a> <a class="button" href=${`${base}/result`} download=${`${run.kind}.json`}>JSON</a> <a class="button" data-act="npz" href=${`${base}/arrays`} download>npz</a> <a class="button" data-act="java" href=${`${base}/code`} download>Java</a>
          ${this.taken('CSV', 'csv', `${base}/tables`)} ${this.taken('Parquet', 'parquet', `${base}/parquet`)}</p>` : nothing}
        <form class="row" @submit=${(event: Event) => void this.label(event, run)}>
          <label>Tags <input name="tags" .value=${run.tags.join(', ')} placeholder="with commas between"></label>
          <label class="note-field">Note <textarea name="note" rows="2" .value=${run.note} placeholder="What you saw in it"></textarea></label>
          <button>Keep</button> <button type="button" class="quiet danger" data-act="delete" @click=${() => void this.drop(run)}>Delete</button></form>`}</div>`;
  }

  /** A table of the run, as a file of a form. */
  private taken(name: string, form: string, base: string): unknown {
    return html`<label>${name} <select data-act=${form} @change=${(event: Event) => { const field = event.target as HTMLSelectElement; if (field.value) location.assign(`${base}/${encodeURIComponent(field.value)}`); field.value = ''; }}><option value="">choose a table …</option>${this.tables.map((one) => html`<option>${one}</option>`)}</select></label>`;
  }

  private async unfold(run: RunInfo): Promise<void> {
    this.open = this.open === run.id ? '' : run.id;
    this.tables = [];
    this.requestUpdate();
    if (this.open && !app.offline && run.state === 'DONE') {
      this.tables = await server.tables(run.id).catch(() => []);
      this.requestUpdate();
    }
  }

  /** Selects what the run was about, so that its view shows its result. */
  private async reopen(run: RunInfo): Promise<void> {
    const request = app.kept?.runs.find((one) => one.info.id === run.id)?.request ?? (await server.request(run.id).catch(() => undefined));
    if (run.kind === 'experiment') {
      app.set({ view: 'data', set: request?.request === 'experiment' ? request.data : '', where: '', sort: '', run: run.state === 'DONE' ? run.id : '' });
      return;
    }
    app.set({
      view: VIEW_OF[run.kind] ?? 'ask', picture: run.pictures.join(','), image: 0, question: run.question, model: run.model, word: -1,
      ...(request ? chosenBy(request) : {}),
    });
    app.wish = (request && wordOf(request)) ?? '';
    app.changed();
  }

  private async label(event: Event, run: RunInfo): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    try {
      const next = await server.label(run.id, String(form.get('tags')).split(',').map((tag) => tag.trim()).filter(Boolean), String(form.get('note')));
      this.runs = this.runs?.map((one) => (one.id === run.id ? next : one));
    } catch (refused) {
      this.problem = told(refused);
    }
    this.requestUpdate();
  }

  private async drop(run: RunInfo): Promise<void> {
    try {
      await server.remove(run.id);
      app.runs.forget(run.id);
      this.runs = this.runs?.filter((one) => one.id !== run.id);
    } catch (refused) {
      this.problem = told(refused);
    }
    this.requestUpdate();
  }
}
customElements.define('lv-library', LibraryView);
