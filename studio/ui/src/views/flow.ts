// Flow: what the word loses when zones may not look at each other, as a diagram.

import { html, nothing, svg, type TemplateResult } from 'lit';
import { css } from '../draw/css';
import { app, Part } from '../app';
import { choices, head, shown } from '../parts';
import { saveDiagram } from '../pictures';
import { rangeOf } from '../draw/colours';
import { term } from '../terms';
import { number as plain, percent, QUANTITIES, real } from '../text';
import { measured } from '../maps';
import type { Request } from '../api';
import type { CausalMap, ChangedCausalMap } from '../openapi';
import type { Cells } from '../draw/matrix';
import '../draw/matrix';

const DRAWS = 5;
const number = (v: number): string => (Math.abs(v) < 0.005 ? '0' : plain(v).replace('-', '−'));

export const flowRequest = (): Request<'knockout'> => ({ request: 'knockout', measure: measured(), window: app.state.window, draws: DRAWS });

interface Edge {
  from: string;
  to: string;
  label: string;
  /** Change of the log probability in each window, nats, and that of random looks with its interval. */
  losses: number[];
  random: number[];
  spread: number[];
  /** The window that costs most. */
  worst: number;
  /** Whether it costs more than random looks, and anything at all. */
  counts: boolean;
}

const NAMES: Record<string, string> = { image: 'Picture', question: 'Question', last: 'Answer', passage: 'Passage', mask: 'Blank', template: 'Template' };
const PLACES: Record<string, [number, number]> = { image: [96, 74], question: [96, 226], last: [524, 150], passage: [96, 74], mask: [524, 150], template: [96, 226] };

/** What the map and the one of random looks say of each edge. */
function edges([map, random]: CausalMap[]): Edge[] {
  const loss = (one: CausalMap | undefined, r: number, c: number): number => (one ? real(one.cells[r][c]?.logProbability) - real(one.base.logProbability) : NaN);
  return map.columns.map((label, c) => {
    const [to, from] = label.split(' ← ');
    const losses = map.rows.map((_, r) => loss(map, r, c));
    const worst = losses.indexOf(Math.min(...losses));
    const other = map.rows.map((_, r) => loss(random, r, c));
    const spread = map.rows.map((_, r) => random?.spreads?.[r][c].logProbability ?? 0);
    return { from, to, label: `${NAMES[to] ?? to} from ${(NAMES[from] ?? from).toLowerCase()}`, losses, random: other, spread, worst, counts: losses[worst] < -0.1 && !(other[worst] - spread[worst] < losses[worst]) };
  });
}

export class FlowView extends Part {
  override render(): unknown {
    const word = app.word();
    const entry = word ? app.recall(flowRequest()) : undefined;
    const layers = app.layers() || 4;
    const windows = [1, 2, 4, 8, 16].filter((one) => one <= Math.max(2, layers)).map((one) => [String(one), one === 1 ? '1 layer' : `${one} layers`] as [string, string]);
    return html`
      ${head('How it gets there', QUANTITIES.flow)}
      ${app.offline ? nothing : html`<div class="row">${choices('Layers that are knocked out together', windows, String(app.state.window), (one) => app.set({ window: Number(one), layer: -1 }))}
        <button class="primary" data-act="flow" ?disabled=${!word || (entry !== undefined && !entry.ended)} @click=${() => { app.need(flowRequest()); app.changed(); }}>Knock out for “${word?.text ?? '…'}”</button>
        ${entry?.progress?.cost ? html`<small>${entry.progress.cost.replays} runs in ${entry.progress.cost.passes} passes</small>` : nothing}</div>`}
      ${entry ? shown(entry, (result) => this.found(result.value)) : html`<p class="hint">${app.offline ? 'This was not asked before the page was saved.' : 'Every way from the picture to the answer is closed in turn, in each window of layers, beside as many random looks.'}</p>`}`;
  }

  private found(value: ChangedCausalMap): unknown {
    const all = edges(value.maps);
    const map = value.maps[0];
    return html`${value.conclusions.map((one, i) => html`<p class=${i === 0 ? 'lead' : 'soft'} data-found=${i === 0 ? 'flow' : 'flow-random'}>${one}</p>`)}
      ${this.diagram(all, value)}
      <div class="strips">${all.map((edge) => this.strip(edge, map))}</div>
      <p><button class="link" data-act="save-flow" @click=${() => saveDiagram('svg.flow', 'lynceus-flow.svg')}>Diagram as SVG</button></p>
      <h3>All windows</h3>${this.matrix(all, map)}
      <p class="caption">Change of the log probability of “${value.target}” in ${term('nats')}. ${map.what[0].toUpperCase()}${map.what.slice(1)}. ${value.maps[1] ? `The mark beside each bar is the mean of ${value.maps[1].repeats} draws of as many random looks, the control, with its 95 % interval.` : 'No random looks were drawn here.'}</p>`;
  }

  private diagram(all: Edge[], value: ChangedCausalMap): TemplateResult {
    const most = Math.max(0.1, ...all.map((edge) => -edge.losses[edge.worst]));
    const nodes = [...new Set(all.flatMap((edge) => [edge.from, edge.to]))];
    const at = (name: string): [number, number] => PLACES[name] ?? [96, 150];
    return html`<svg class="flow" viewBox="0 0 620 300" role="img" aria-label=${`Ways to “${value.target}”: ${all.map((edge) => `${edge.label}, ${number(edge.losses[edge.worst])} nats at layer ${edge.worst}`).join('; ')}`}>
      ${all.map((edge) => {
        const [x1, y1] = at(edge.from);
        const [x2, y2] = at(edge.to);
        const width = 2 + 20 * Math.max(0, -edge.losses[edge.worst] / most);
        const steep = x1 === x2;
        const inset = steep ? 38 : 82;
        const length = Math.hypot(x2 - x1, y2 - y1);
        const [dx, dy] = [(x2 - x1) / length, (y2 - y1) / length];
        const start = [x1 + dx * (steep ? 34 : 76), y1 + dy * (steep ? 34 : 34)];
        const end = [x2 - dx * (inset + 16), y2 - dy * (steep ? inset + 12 : 60)];
        const tip = Math.max(7, width * 0.9);
        const [mx, my] = [(start[0] + end[0]) / 2, (start[1] + end[1]) / 2];
        const away = steep ? 1 : -1;
        return svg`<g class=${edge.counts ? 'edge counts' : 'edge'}>
          <line x1=${start[0]} y1=${start[1]} x2=${end[0]} y2=${end[1]} stroke-width=${width}/>
          <polygon points=${`${end[0] + dx * tip},${end[1] + dy * tip} ${end[0] - dy * tip},${end[1] + dx * tip} ${end[0] + dy * tip},${end[1] - dx * tip}`}/>
          <text x=${steep ? mx + 16 : mx} y=${steep ? my + 4 : my + away * (width / 2 + 26) * (y1 > 150 ? -1 : 1)} text-anchor=${steep ? 'start' : 'middle'}>${edge.losses[edge.worst] > -0.005 ? 'nothing' : `${number(edge.losses[edge.worst])} nats`}<tspan class="where">${edge.losses[edge.worst] > -0.005 ? '' : ` · layer ${edge.worst}`}</tspan></text></g>`;
      })}
      ${nodes.map((name) => {
        const [x, y] = at(name);
        return svg`<g class=${name === 'last' || name === 'mask' ? 'node goal' : 'node'}><rect x=${x - 72} y=${y - 28} width="144" height="56" rx="14"/><text x=${x} y=${y + (name === 'last' ? -2 : 5)} text-anchor="middle">${NAMES[name] ?? name}</text>${name === 'last' ? svg`<text class="said" x=${x} y=${y + 18} text-anchor="middle">“${value.target}”</text>` : nothing}</g>`;
      })}</svg>`;
  }

  /** The windows of one edge, as bars with the mark of the random looks. */
  private strip(edge: Edge, map: CausalMap): unknown {
    const low = Math.min(-0.5, ...edges(app.peek(flowRequest())?.result?.value.maps ?? [map]).flatMap((one) => [...one.losses, ...one.random.map((v, i) => v - one.spread[i]).filter(Number.isFinite)]).map((v) => Math.max(v, -12)));
    const part = (v: number): string => `${Math.min(100, Math.max(0, (100 * v) / low)).toFixed(1)}%`;
    return html`<section><h4>${edge.label}<small>${edge.counts ? 'more than random looks' : 'no more than random looks'}</small></h4>
      <ol>${edge.losses.map((loss, layer) => html`<li class=${app.state.layer === layer ? 'on' : ''}><span>${layer}</span><span class="track" title=${`layer ${map.rows[layer]}: ${number(loss)} nats; random looks ${number(edge.random[layer])} ± ${number(edge.spread[layer])}`}>
        <span class="fill ${edge.counts && loss < -0.1 ? 'counts' : ''}" ${css({ width: part(loss) })}></span>
        ${Number.isFinite(edge.random[layer]) ? html`<span class="interval" ${css({ left: part(Math.min(0, edge.random[layer] + edge.spread[layer])), width: part(Math.max(low, Math.min(0, edge.random[layer] + edge.spread[layer]) - (edge.random[layer] - edge.spread[layer]) > 0 ? -(Math.min(0, edge.random[layer] + edge.spread[layer]) - (edge.random[layer] - edge.spread[layer])) : 0)) })}></span><span class="mean" ${css({ left: part(Math.min(0, edge.random[layer])) })}></span>` : nothing}</span><span class="num">${number(loss)}</span></li>`)}</ol></section>`;
  }

  private matrix(all: Edge[], map: CausalMap): unknown {
    const values = map.rows.map((_, r) => all.map((edge) => edge.losses[r]));
    const cells: Cells = {
      values, signed: true, range: rangeOf(values.flat(), true), rowNames: map.rows, columnNames: all.map((edge) => edge.label), rowAxis: map.rowAxis, columnAxis: 'who may not look at whom', unit: 'nats', row: app.state.layer, column: -1, cell: 24,
      told: (r, c) => `layer ${map.rows[r]}, ${all[c].label}: ${number(values[r][c])} nats, ${percent(map.cells[r][c].probability)} left`,
    };
    return html`<lv-matrix .cells=${cells} name="Knock-outs" @choose=${(event: CustomEvent<[number, number]>) => app.set({ layer: event.detail[0] }, true)}></lv-matrix>`;
  }
}
customElements.define('lv-flow', FlowView);
