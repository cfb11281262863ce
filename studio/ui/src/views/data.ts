// Data: a data set as a grid, however long; from a row to its question, and a procedure of the lab over all of them.

import { html, nothing, type PropertyValues } from 'lit';
import { css } from '../draw/css';
import { app, Part, told, type Followed } from '../app';
import { copy, head, progress, refusal } from '../parts';
import { server, type DataList, type Page, type Problem, type Row, type RunInfo } from '../api';

const ROW = 58;
const PAGE = 100;
const USUAL = 'world:20260:50';

/** Conditions of a column, as the library writes them. */
function condition(column: string, text: string): string {
  const given = text.trim();
  return given === '' ? '' : /^(!=|>=|<=|=|<|>|~)/.test(given) ? `${column}${given}` : `${column}~${given}`;
}

/** What of a condition stands in the filter of its column. */
const filterOf = (column: string, where: string[]): string => where.find((one) => one.startsWith(column) && /^(!=|>=|<=|=|<|>|~)/.test(one.slice(column.length)))?.slice(column.length) ?? '';

export class DataView extends Part {
  private list?: DataList;
  private runs: RunInfo[] = [];
  private readonly pages = new Map<number, Row[]>();
  private first?: Page;
  private key = '';
  private problem?: Problem;
  private active = 0;
  private top = 0;
  private height = 520;
  private entry?: Followed;
  private procedure = 'answer';
  private ask = false;

  private set(): string { return app.state.set || USUAL; }
  private where(): string[] { return app.state.where.split('\n').filter(Boolean); }

  private query(from: number): string {
    const said = new URLSearchParams({ set: this.set(), from: String(from), most: String(PAGE) });
    if (app.state.where) said.set('where', app.state.where);
    if (app.state.sort) said.set('sort', app.state.sort);
    if (app.state.run) said.set('run', app.state.run);
    return String(said);
  }

  override connectedCallback(): void {
    super.connectedCallback();
    if (app.offline) return;
    server.data().then((list) => { this.list = list; this.requestUpdate(); }, (refused) => { this.problem = told(refused); this.requestUpdate(); });
  }

  /** Asks for rows that are not there yet. */
  private load(number: number): void {
    if (this.pages.has(number)) return;
    const key = this.key;
    this.pages.set(number, []);
    server.rows(this.query(number * PAGE)).then(
      (page) => { if (key === this.key) { this.first = page; this.pages.set(number, page.rows); this.problem = undefined; this.requestUpdate(); } },
      (refused) => { if (key === this.key) { this.problem = told(refused); this.requestUpdate(); } },
    );
  }

  protected override willUpdate(_changed: PropertyValues): void {
    if (app.offline) return;
    const key = this.query(0);
    if (key !== this.key) {
      if (new URLSearchParams(this.key).get('set') !== this.set()) void this.past();
      this.key = key;
      this.pages.clear();
      this.active = 0;
      this.top = 0;
      const grid = this.querySelector('.grid-body');
      if (grid) grid.scrollTop = 0;
    }
    const last = Math.max(0, Math.ceil((this.first?.matching ?? PAGE) / PAGE) - 1);
    const from = Math.min(last, Math.floor(this.top / ROW / PAGE));
    const to = Math.min(last, Math.floor((this.top + this.height) / ROW / PAGE));
    for (let number = from; number <= to; number++) this.load(number);
  }

  private async past(): Promise<void> {
    this.runs = await server.dataRuns(this.set()).catch(() => []);
    this.requestUpdate();
  }

  override render(): unknown {
    const what = html`Rows of a data set: filter every column, ask about a row, or do one thing with all of them.`;
    if (app.offline) return html`${head('Data', what)}<p class="hint">Data sets are opened in the studio, not in a saved page.</p>`;
    const sets = this.list?.sets ?? [];
    const known = sets.some((one) => one.name === this.set());
    return html`${head('Data', what)}
      <div class="row"><label class="row">Data set <select data-act="set" @change=${(event: Event) => app.set({ set: (event.target as HTMLSelectElement).value, where: '', sort: '', run: '' })}>
        ${known ? nothing : html`<option selected>${this.set()}</option>`}${sets.map((one) => html`<option ?selected=${one.name === this.set()}>${one.name}</option>`)}</select></label>
        <label class="row">or a world <input data-act="world" size="18" placeholder="world:SEED:SCENES" @change=${(event: Event) => { const name = (event.target as HTMLInputElement).value.trim(); if (name) app.set({ set: name, where: '', sort: '', run: '' }); }}></label>
        ${this.runs.some((run) => run.state === 'DONE') ? html`<label class="row">Beside the rows <select data-act="joined" @change=${(event: Event) => app.set({ run: (event.target as HTMLSelectElement).value, sort: '', where: this.where().filter((one) => !one.startsWith('run.')).join('\n') })}><option value="">nothing</option>${this.runs.filter((run) => run.state === 'DONE').map((run) => html`<option value=${run.id} ?selected=${run.id === app.state.run}>${run.question}: ${run.summary} (${run.model})</option>`)}</select></label>` : nothing}</div>
      ${this.problem ? refusal(this.problem) : nothing}
      ${this.first ? this.grid(this.first) : this.problem ? nothing : html`<p class="hint" role="status">Opening the data set …</p>`}
      ${this.first ? this.doing() : nothing}`;
  }

  /** What a run found stands beside question and answers. */
  private columns(page: Page): Page['columns'] {
    const own = (name: string): boolean => ['question', 'answers'].includes(name);
    const all = page.columns;
    return [...all.filter((one) => own(one.name)), ...all.filter((one) => one.name.startsWith('run.')), ...all.filter((one) => !own(one.name) && !one.name.startsWith('run.'))].slice(0, 16);
  }

  private grid(page: Page): unknown {
    const columns = this.columns(page);
    const where = this.where();
    const from = Math.max(0, Math.floor(this.top / ROW) - 4);
    const to = Math.min(page.matching, Math.ceil((this.top + this.height) / ROW) + 4);
    const sorted = (name: string): 'ascending' | 'descending' | 'none' => (app.state.sort === name ? 'ascending' : app.state.sort === `-${name}` ? 'descending' : 'none');
    const widths = `64px ${columns.map((column) => (column.name === 'question' ? '236px' : ['answers', 'run.answer'].includes(column.name) ? '150px' : column.number ? '84px' : '112px')).join(' ')} minmax(64px, 1fr)`;
    return html`
      <p class="row counts"><span role="status"><b>${page.matching.toLocaleString('en')}</b> of ${page.total.toLocaleString('en')} rows · ${page.format}${page.broken ? html` · <b>${page.broken}</b> broken` : nothing}</span>
        ${app.state.where || app.state.sort ? html`<button class="link" data-act="all-rows" @click=${() => app.set({ where: '', sort: '' })}>All rows in their order</button>` : nothing}
        <button class="link" @click=${(event: Event) => void copy(location.href, event.currentTarget as HTMLElement)}>Copy the address of this view</button></p>
      ${page.faults.map((fault) => html`<p class="caption">${fault}</p>`)}
      <div class="grid-scroll"><div class="data-grid" role="grid" aria-label="Rows of the data set" aria-rowcount=${page.matching + 1} aria-colcount=${columns.length + 2} ${css({ '--widths': widths })}>
        <div class="grid-head" role="row" aria-rowindex="1"><span role="columnheader">Picture</span>${columns.map((column) => html`<span role="columnheader" aria-sort=${sorted(column.name)}>
          <button class="sort" data-sort=${column.name} @click=${() => app.set({ sort: sorted(column.name) === 'none' ? column.name : sorted(column.name) === 'ascending' ? `-${column.name}` : '' }, true)}>${column.name}<i aria-hidden="true">${{ none: '', ascending: ' ↑', descending: ' ↓' }[sorted(column.name)]}</i></button>
          ${column.values.length
            ? html`<select data-filter=${column.name} aria-label=${`Only rows with this ${column.name}`} @change=${(event: Event) => this.filter(column.name, (event.target as HTMLSelectElement).value)}><option value="">all</option>${column.values.map((value) => html`<option value=${`=${value}`} ?selected=${filterOf(column.name, where) === `=${value}`}>${value || '(none)'}</option>`)}</select>`
            : html`<input data-filter=${column.name} aria-label=${`Filter ${column.name}`} placeholder=${column.number ? '>, <, =' : 'contains'} .value=${filterOf(column.name, where).replace(/^~/, '')} @change=${(event: Event) => this.filter(column.name, (event.target as HTMLInputElement).value)}>`}</span>`)}<span role="columnheader"><span class="visually-hidden">Ask</span></span></div>
        <div class="grid-body" tabindex="0" role="rowgroup" aria-label=${`${page.matching} rows. Arrow keys move, Enter asks about the row.`} @scroll=${(event: Event) => { this.top = (event.target as HTMLElement).scrollTop; this.requestUpdate(); }} @keydown=${(event: KeyboardEvent) => this.key_(event, page)}>
          <div class="grid-all" ${css({ height: `${page.matching * ROW}px` })}>${Array.from({ length: Math.max(0, to - from) }, (_, i) => this.row(from + i, columns))}</div>
        </div></div></div>`;
  }

  private at(number: number): Row | undefined { return this.pages.get(Math.floor(number / PAGE))?.[number % PAGE]; }

  private row(number: number, columns: Page['columns']): unknown {
    const row = this.at(number);
    return html`<div class="grid-row ${number === this.active ? 'on' : ''}" role="row" aria-rowindex=${number + 2} data-row=${row?.number ?? nothing} ${css({ transform: `translateY(${number * ROW}px)` })} @click=${() => { this.active = number; this.requestUpdate(); }}>
      <span role="gridcell">${row?.pictures.length ? html`<img src=${`/api/data/picture?set=${encodeURIComponent(this.set())}&row=${row.number}`} alt=${row.pictures[0]} loading="lazy" width="46" height="46">` : nothing}${(row?.pictures.length ?? 0) > 1 ? html`<small>+${(row?.pictures.length ?? 1) - 1}</small>` : nothing}</span>
      ${columns.map((column) => html`<span role="gridcell" class=${column.number ? 'figure' : ''} title=${row?.cells[column.name] ?? ''}>${column.name === 'run.correct' && row?.cells[column.name] ? html`<span class="mark ${row.cells[column.name]}">${row.cells[column.name]}</span>` : row ? row.cells[column.name] : '…'}</span>`)}
      <span role="gridcell">${row ? html`<button class="link" data-act="ask-row" tabindex="-1" ?disabled=${this.ask} @click=${(event: Event) => { event.stopPropagation(); void this.open(row); }}>Ask it</button>` : nothing}</span></div>`;
  }

  private filter(column: string, text: string): void {
    const rest = this.where().filter((one) => !filterOf(column, [one]));
    const next = condition(column, text);
    app.set({ where: [...rest, ...(next ? [next] : [])].join('\n') });
  }

  private key_(event: KeyboardEvent, page: Page): void {
    const step: Record<string, number> = { ArrowDown: 1, ArrowUp: -1, PageDown: Math.floor(this.height / ROW), PageUp: -Math.floor(this.height / ROW), Home: -page.matching, End: page.matching };
    if (event.key === 'Enter') {
      const row = this.at(this.active);
      if (row) void this.open(row);
    } else if (event.key in step) {
      this.active = Math.min(page.matching - 1, Math.max(0, this.active + step[event.key]));
      const body = event.currentTarget as HTMLElement;
      const at = this.active * ROW;
      if (at < body.scrollTop) body.scrollTop = at;
      else if (at + ROW > body.scrollTop + body.clientHeight) body.scrollTop = at + ROW - body.clientHeight;
      this.requestUpdate();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** From a row to its run: its pictures are taken into the library, and its question is asked. */
  private async open(row: Row): Promise<void> {
    this.ask = true;
    this.requestUpdate();
    try {
      const pictures = await server.takeRow(this.set(), row.number);
      for (const picture of pictures) app.pictures.set(picture.sha256, picture);
      app.set({ view: 'ask', picture: pictures.map((one) => one.sha256).join(','), image: 0, question: row.cells.question || 'What is in the picture?', before: '' });
    } catch (refused) {
      this.problem = told(refused);
    }
    this.ask = false;
    this.requestUpdate();
  }

  /** One thing with every row that is shown. */
  private doing(): unknown {
    const procedures = this.list?.procedures ?? [];
    const chosen = procedures.find((one) => one.name === this.procedure);
    const running = this.entry !== undefined && !this.entry.ended;
    return html`<section class="knock"><h3>Do one thing with these rows</h3>
      <form class="row" @submit=${(event: Event) => void this.start(event)}>
        <label class="row">Procedure <select name="procedure" data-act="procedure" @change=${(event: Event) => { this.procedure = (event.target as HTMLSelectElement).value; this.requestUpdate(); }}>${procedures.map((one) => html`<option ?selected=${one.name === this.procedure}>${one.name}</option>`)}</select></label>
        <label class="row">at most <input name="limit" type="number" min="1" max="1000000" value="50" data-act="limit"> rows</label>
        <label class="row">settings <input name="settings" placeholder="name=value, …" data-act="settings"></label>
        <button class="primary" data-act="do" ?disabled=${running}>Run it</button></form>
      <p class="soft">${chosen?.what}${this.where().some((one) => !one.startsWith('run.')) ? `, for rows where ${this.where().filter((one) => !one.startsWith('run.')).join(' and ')}` : ''}, with ${app.state.model}. What comes of it stands beside the rows, and in the Library.</p>
      ${running ? progress(this.entry as Followed) : this.entry?.problem ? refusal(this.entry.problem) : nothing}
      ${this.entry?.ended && this.entry.info?.state === 'DONE' ? html`<p class="lead" data-found="trial">${this.entry.info.summary}.</p>` : nothing}</section>`;
  }

  private async start(event: Event): Promise<void> {
    event.preventDefault();
    const form = new FormData(event.target as HTMLFormElement);
    const settings = Object.fromEntries(String(form.get('settings')).split(',').map((one) => one.trim()).filter(Boolean).map((one) => [one.split('=')[0].trim(), one.slice(one.indexOf('=') + 1).trim()]));
    const set = this.set();
    this.entry = app.runs.follow({ request: 'experiment', model: app.state.model, data: set, where: this.where().filter((one) => !one.startsWith('run.')), limit: Number(form.get('limit')), procedure: String(form.get('procedure')), settings, seeds: [1] }, (info) => {
      void this.past();
      if (info.state === 'DONE' && set === this.set()) app.set({ run: info.id });
    });
    this.requestUpdate();
  }

  protected override updated(_changed: PropertyValues): void {
    const body = this.querySelector<HTMLElement>('.grid-body');
    if (body && body.clientHeight && body.clientHeight !== this.height) { this.height = body.clientHeight; this.requestUpdate(); }
  }
}
customElements.define('lv-data', DataView);
