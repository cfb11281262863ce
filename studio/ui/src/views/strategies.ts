// Strategies: every question that a strategy puts to the model, to be read, changed, and asked again from there.

import { html, nothing } from 'lit';
import { css } from '../draw/css';
import { app, Part, told, type State } from '../app';
import { choices, head, refusal, shown } from '../parts';
import { percent, QUANTITIES } from '../text';
import { server, type Example, type Problem, type Request } from '../api';
import type { StrategyRequest, StrategyRequestEdit as Edit, StrategyResult, StrategyResultPrompt, StrategyResultStep } from '../openapi';

const WAYS: [NonNullable<StrategyRequest['strategy']>, string][] = [['think', 'Think'], ['describe', 'Describe'], ['vote', 'Vote'], ['mark', 'Mark']];
const ANSWERING: Record<string, string> = { SAYS: 'says', DRAWS: 'draws', CHOOSES: 'chooses' };

/** Strategies that look at a part of the picture, and what is counted in rounds by others. */
const LOOKING: string[] = ['think', 'mark'];
const ROUNDS: Record<string, string> = { describe: 'questions that refine it', vote: 'explanations' };

const list = (text: string): string[] => text.split(',').map((one) => one.trim()).filter(Boolean);

/** What the address holds as JSON; anybody may have written it. */
const parsed = (text: string): unknown => { try { return text ? JSON.parse(text) : undefined; } catch { return undefined; } };

const edits = (): Edit[] => { const all = parsed(app.state.edits); return Array.isArray(all) ? (all as Edit[]).filter((one) => typeof one?.step === 'number') : []; };

const own = (): Record<string, string> => { const all = parsed(app.state.prompts); return all !== null && typeof all === 'object' ? (all as Record<string, string>) : {}; };

export function strategyRequest(changed: Edit[] = edits()): Request<'strategy'> {
  const candidates = list(app.state.candidates);
  const box = list(app.state.box).map(Number);
  const strategy = WAYS.find(([name]) => name === app.state.strategy)?.[0] ?? 'think';
  return {
    request: 'strategy', strategy, candidates: candidates.length > 1 ? candidates : [],
    ...(LOOKING.includes(strategy) && box.length === 4 && box.every(Number.isInteger) ? { box } : {}), ...(strategy === 'mark' && app.state.marks ? { marks: list(app.state.marks) } : {}),
    ...(ROUNDS[strategy] && app.state.rounds > 0 ? { rounds: app.state.rounds } : {}), ...(app.state.prompts ? { prompts: Object.entries(own()).map(([name, text]) => ({ name, text })) } : {}), edits: changed,
  };
}

/** The selection in which an example is asked. */
const stateOf = ({ example, picture }: Example): Partial<State> => ({
  strategy: example.strategy, model: example.model, picture: picture.sha256, question: example.question, before: '', candidates: example.candidates.join(', '), box: example.box.join(','), marks: example.marks.join(','), rounds: example.rounds,
  edits: '', prompts: '', temperature: 0, topP: 0, topK: -1, seed: 0, tokens: 0,
});

export class StrategiesView extends Part {
  private open = -1;
  private problem?: Problem;
  private picture?: Edit['picture'];
  private examples: Example[] = [];

  override connectedCallback(): void {
    super.connectedCallback();
    if (!app.offline) server.examples().then((all) => { this.examples = all; this.requestUpdate(); }, (refused) => { this.problem = told(refused); this.requestUpdate(); });
  }

  override render(): unknown {
    const entry = app.recall(strategyRequest());
    const whole = entry ?? (edits().length ? app.peek(strategyRequest([])) : undefined);
    return html`
      ${head('Strategies', QUANTITIES[app.state.strategy as 'think'] ?? QUANTITIES.think,
        choices('Strategy', WAYS, app.state.strategy, (strategy) => { this.open = -1; app.set({ strategy, edits: '', prompts: '', candidates: '', box: '', marks: '', rounds: 0 }); }))}
      ${this.example()}
      ${app.offline ? nothing : html`<div class="row"><label class="candidates">Decide among <input data-act="candidates" placeholder="what is said, or: brown, red" .value=${app.state.candidates} @change=${(event: Event) => { this.open = -1; app.set({ candidates: (event.target as HTMLInputElement).value, edits: '' }); }}></label>
        ${this.settings()}
        ${entry?.result ? nothing : html`<button class="primary" data-act="strategy" ?disabled=${entry !== undefined && !entry.ended} @click=${() => { app.need(strategyRequest()); app.changed(); }}>Go</button>`}</div>`}
      ${this.problem ? refusal(this.problem) : nothing}
      ${entry?.problem && app.state.prompts ? html`<p><button data-act="usual" @click=${() => this.ask('')}>Take the usual prompts</button></p>` : nothing}
      ${whole ? shown(whole, (result) => this.ledger(result.value)) : html`<p class="hint">${app.offline ? 'This was not asked before the page was saved.' : 'All that is asked stands in a ledger: which picture, which words, what the model answers. Change any step, and what comes after it follows.'}</p>`}`;
  }

  /** What the strategy is told beside its question. */
  private settings(): unknown {
    const { strategy, box, marks, rounds } = app.state;
    const set = (part: Partial<State>): void => { this.open = -1; app.set({ ...part, edits: '' }); };
    return html`${LOOKING.includes(strategy) ? html`<label>Look at <input data-act="box" size="16" placeholder="where a map is strongest" title="left, top, right, bottom in pixels of the picture" .value=${box} @change=${(event: Event) => set({ box: (event.target as HTMLInputElement).value.trim() })}></label>` : nothing}
      ${strategy === 'mark' ? html`<label>Marks <input data-act="marks" size="16" placeholder="box, crop, blackout" .value=${marks} @change=${(event: Event) => set({ marks: (event.target as HTMLInputElement).value.trim() })}></label>` : nothing}
      ${ROUNDS[strategy] ? html`<label><input type="number" data-act="rounds" min="1" max="20" placeholder=${strategy === 'vote' ? 5 : 1} .value=${rounds > 0 ? String(rounds) : ''} @change=${(event: Event) => set({ rounds: Math.min(20, Math.max(0, Math.round(Number((event.target as HTMLInputElement).value)) || 0)) })}> ${ROUNDS[strategy]}</label>` : nothing}`;
  }

  /** Something to begin with: one press fills in what is asked, and asks it. */
  private example(): unknown {
    const found = this.examples.find((one) => one.example.strategy === app.state.strategy);
    if (!found || app.offline) return nothing;
    const { example, picture } = found;
    const chosen = stateOf(found);
    const here = Object.entries(chosen).every(([key, value]) => app.state[key as keyof State] === value);
    return html`<section class="example ${here ? 'here' : ''}" aria-label="A worked example"><img src=${app.address(picture.sha256)} alt=""><div>
      <p><b>${here ? 'The worked example' : 'A worked example'}</b> “${example.question}”, to <code>${example.model}</code></p>
      ${here ? html`<p><b>Look at this:</b> ${example.look}</p>` : nothing}<p class="soft">${example.found}</p></div>
      ${here && app.peek(strategyRequest()) ? nothing : html`<button class="primary" data-act="example" @click=${() => this.begin(found)}>Try it</button>`}</section>`;
  }

  private begin(found: Example): void {
    this.open = -1;
    app.pictures.set(found.picture.sha256, found.picture);
    app.set({ ...stateOf(found), image: 0 });
    app.need(strategyRequest());
    app.changed();
  }

  private ledger(value: StrategyResult): unknown {
    const before = edits().length ? app.recall(strategyRequest([]))?.result?.value : undefined;
    const best = Math.max(...value.ways.map((way) => way.probability ?? 0));
    return html`<p class="lead" data-found="strategy">${value.conclusion}</p>
      <div class="scroll" tabindex="0" role="region" aria-label="Ways to answer"><table class="ways"><thead><tr><th scope="col">Way</th><th scope="col">Answer</th><th scope="col">Probability</th><th scope="col"><span class="visually-hidden">More</span></th></tr></thead>
      <tbody>${value.ways.map((way) => {
        const was = before?.ways.find((one) => one.name === way.name);
        return html`<tr><th scope="row">${way.name}<br><small>${way.what}</small></th><td>${was && was.answer !== way.answer ? html`<s class="soft">${was.answer}</s> ` : nothing}<b>${way.answer}</b></td>
          <td class="num">${way.probability == null ? '–' : html`<span class="bar-cell"><span class="fill ${way.probability < best ? 'less' : ''}" ${css({ width: `${100 * way.probability}%` })}></span></span><span>${percent(way.probability)}</span>`}</td><td class="soft">${way.told}</td></tr>`;
      })}</tbody></table></div>
      ${value.notes.map((note) => html`<p class="caption">${note.replace('; --candidates names others', '; name others above')}</p>`)}
      ${this.prompts(value.prompts)}
      <div class="ledger-head"><h3>The ledger</h3>${edits().length && !app.offline ? html`<button class="quiet" data-act="undo" @click=${() => { this.open = -1; app.set({ edits: '' }); }}>Undo ${edits().length === 1 ? 'the change' : 'the changes'}</button>` : nothing}</div>
      <p class="caption">Every question that was put, in order. What the model <b>says</b> is its most probable answer; what it <b>draws</b> is one by lot; it <b>chooses</b> among answers that are given.</p>
      <ol class="ledger">${value.steps.map((step) => this.step(step, value, before))}</ol>`;
  }

  /** What the questions are made of; put in other words all of it is asked again. */
  private prompts(all: StrategyResultPrompt[]): unknown {
    if (!all.length || app.offline) return nothing;
    return html`<details class="prompts" ?open=${app.state.prompts !== ''}><summary>Prompts${app.state.prompts ? ' (some are yours)' : ''}</summary>
      <form class="change" @submit=${(event: Event) => this.reworded(event, all)}>
        ${all.map((one) => html`<label>${one.name}${one.places.length ? html` <small>with ${one.places.map((place) => `{${place}}`).join(', ')}</small>` : nothing}<textarea name=${one.name} rows="2" .value=${one.text}></textarea></label>`)}
        <div class="row"><button class="primary" data-act="reword">Ask with these</button>
        ${app.state.prompts ? html`<button type="button" class="quiet" data-act="usual" @click=${() => this.ask('')}>The usual ones</button>` : nothing}</div></form></details>`;
  }

  private reworded(event: Event, all: StrategyResultPrompt[]): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const texts: Record<string, string> = { ...own() };
    for (const one of all) {
      const text = String(data.get(one.name) ?? '').trim();
      if (text && text !== one.text.trim()) texts[one.name] = text;
    }
    this.ask(Object.keys(texts).length ? JSON.stringify(texts) : '');
  }

  /** Steps may be others then, so changes of them are let go. */
  private ask(prompts: string): void {
    this.open = -1;
    app.set({ prompts, edits: '' });
    app.need(strategyRequest());
    app.changed();
  }

  private step(step: StrategyResultStep, value: StrategyResult, before?: StrategyResult): unknown {
    const shots = step.pictures.flatMap((sum) => value.shots.find((shot) => shot.sha256 === sum) ?? []);
    const was = before?.steps[step.number];
    const other = was && was.answer !== step.answer;
    const open = this.open === step.number && !app.offline;
    return html`<li class=${step.edited ? 'edited' : ''} data-step=${step.number}>
      <div class="step-pictures">${shots.length ? shots.map((shot) => html`<img src=${`data:image/png;base64,${shot.png}`} alt=${`A picture of ${shot.width} by ${shot.height} pixels`}>`) : html`<small>no picture</small>`}</div>
      <div class="step-text"><small><b>${step.number + 1}</b>${step.name ? ` · ${step.name}` : ''}${step.edited ? html` · <em>changed</em>` : nothing}</small>
        <p class="prompt">${step.prompt}</p>
        <p class="answer-line"><small>${ANSWERING[step.answering]}</small> ${other ? html`<s class="soft">${was?.answer}</s> ` : nothing}<b>${step.answer || '(nothing)'}</b></p>
        ${step.options.length > 1 ? html`<p class="options">${step.options.map((one) => html`<span>${one.text} <small>${percent(one.probability)}</small></span>`)}</p>` : nothing}
        ${open ? this.form(step) : nothing}</div>
      ${app.offline ? nothing : html`<button class="quiet" data-act="change" aria-expanded=${open ? 'true' : 'false'} @click=${() => { this.open = open ? -1 : step.number; this.picture = undefined; app.changed(); }}>${open ? 'Close' : 'Change'}</button>`}</li>`;
  }

  private form(step: StrategyResultStep): unknown {
    return html`<form class="change" @submit=${(event: Event) => this.goOn(event, step)}>
      <label>Ask instead <textarea name="prompt" rows="3" .value=${step.prompt}></textarea></label>
      ${step.answering === 'SAYS' ? html`<label>Or answer in the model’s place <textarea name="answer" rows="2" placeholder=${step.answer}></textarea></label>` : nothing}
      ${step.pictures.length ? html`<label class="button">${this.picture ? 'Another picture is taken' : 'Show another picture'}<input type="file" accept="image/*" class="visually-hidden" @change=${(event: Event) => void this.taken(event)}></label>` : nothing}
      <button class="primary" data-act="again-from">Go on from here</button></form>`;
  }

  private async taken(event: Event): Promise<void> {
    const file = (event.target as HTMLInputElement).files?.[0];
    if (!file) return;
    try {
      this.picture = { kind: 'stored', sha256: (await server.send(file, file.name)).sha256 };
      this.problem = undefined;
    } catch (refused) {
      this.problem = told(refused);
    }
    app.changed();
  }

  /** What comes after a change may be other steps, so later changes are let go. */
  private goOn(event: Event, step: StrategyResultStep): void {
    event.preventDefault();
    const data = new FormData(event.target as HTMLFormElement);
    const prompt = String(data.get('prompt') ?? '');
    const answer = String(data.get('answer') ?? '').trim();
    const edit: Edit = { step: step.number };
    if (prompt.trim() && prompt !== step.prompt) edit.prompt = prompt;
    if (answer) edit.answer = answer;
    if (this.picture) edit.picture = this.picture;
    const known = edits().find((one) => one.step === step.number);
    const all = [...edits().filter((one) => one.step < step.number), ...(Object.keys(edit).length > 1 ? [{ ...known, ...edit }] : known ? [known] : [])];
    this.open = -1;
    this.picture = undefined;
    app.set({ edits: all.length ? JSON.stringify(all) : '' });
    app.need(strategyRequest());
    app.changed();
  }
}
customElements.define('lv-strategies', StrategiesView);
