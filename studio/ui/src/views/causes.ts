// Causes: the graph behind a word that a head's attention gives, and what masking its tokens does.

import { html, nothing, svg } from 'lit';
import { css } from '../draw/css';
import { app, Part } from '../app';
import { attentionRequest } from '../maps';
import { visible } from '../draw/text';
import { head, shown } from '../parts';
import { number, percent, place, real, QUANTITIES } from '../text';
import type { Request } from '../api';
import type { CausalExplanation, CausalExplanationNode, PartialGraphEdge } from '../openapi';

const TALL = 52;
const WIDE = 150;

/** The head whose attention is learned from: the chosen one, else the one that points best. */
function whose(): string {
  if (app.state.head) return app.state.head;
  const gallery = app.peek(attentionRequest())?.result;
  const first = gallery?.kind === 'attention-result' ? gallery.value.heads[0]?.head : undefined;
  return first ? `${first.layer}.${first.head}` : '';
}

export const causesRequest = (): Request<'causes'> => ({ request: 'causes', head: whose() || '0.0', target: app.word()?.text ?? null });

export class CausesView extends Part {
  override render(): unknown {
    const word = app.word();
    const gallery = word ? app.need(attentionRequest()) : app.evidence();
    const name = whose();
    const entry = word && name ? app.recall(causesRequest()) : undefined;
    const mass = gallery.result?.kind === 'attention-result' ? gallery.result.value.grids[0]?.mass ?? [] : [];
    const names = mass.flatMap((line, layer) => line.map((_, one) => `${layer}.${one}`));
    return html`
      ${head('What causes it, as one head has it', QUANTITIES.causes)}
      ${app.offline ? nothing : shown(gallery, () => html`<div class="row"><label>Head <select data-act="of-head" @change=${(event: Event) => app.set({ head: (event.target as HTMLSelectElement).value, patch: -1 })}>${names.map((one) => html`<option ?selected=${one === name}>${one}</option>`)}</select></label>
        <button class="primary" data-act="causes" ?disabled=${!word || !name || (entry !== undefined && !entry.ended)} @click=${() => { app.need(causesRequest()); app.changed(); }}>Learn the graph behind “${word?.text ?? '…'}”</button></div>`)}
      ${entry ? shown(entry, (result) => this.found(result.value)) : html`<p class="hint">${app.offline ? 'This was not asked before the page was saved.' : 'The graph rests on assumptions that cannot be checked here. The masking beside it, with random sets of as many tokens, does not.'}</p>`}`;
  }

  private found(value: CausalExplanation): unknown {
    return html`<p class="lead" data-found="causes">${value.conclusion}</p>
      ${value.sets.length ? this.graph(value) : nothing}
      ${value.sets.length ? this.tests(value) : nothing}
      <p class="caption">${value.smallest ? `The smallest set found that changes the answer: ${value.smallest.labels.map(place).join('; ')}; then it says “${value.smallest.says}”.` : (value.tried ? `${value.tried === 1 ? 'The one set' : `None of the ${value.tried} sets`} of one or two tokens that ${value.tried === 1 ? 'was tried does not change' : 'were tried changes'} the answer.` : '')} Its strongest patch gets ${number(value.importance)} times the attention of its strongest word.</p>`;
  }

  /** The word on the right, what explains it to the left of it, step by step. */
  private graph(value: CausalExplanation): unknown {
    const { nodes } = value;
    const columns = [...new Set(nodes.map((node) => node.radius))].filter((radius) => radius >= 0).sort((a, b) => a - b);
    const placed = new Map<number, [number, number]>();
    const counts = columns.map((radius) => nodes.filter((node) => node.radius === radius).length);
    const high = Math.max(1, ...counts) * TALL;
    columns.forEach((radius, c) => {
      nodes.map((node, i) => [node, i] as const).filter(([node]) => node.radius === radius).sort((a, b) => real(b[0].attention) - real(a[0].attention))
        .forEach(([, i], r) => placed.set(i, [(columns.length - 1 - c) * WIDE + 60, (r + 0.5) * (high / counts[c])]));
    });
    const wide = (columns.length - 1) * WIDE + 130;
    const outside = nodes.filter((node) => node.radius < 0);
    const inside = nodes.map((node, i) => [node, i] as const).filter(([, i]) => placed.has(i));
    const lines = value.edges.filter((edge) => placed.has(edge.from) && placed.has(edge.to));
    return html`<div class="scroll causes" tabindex="0" role="region" aria-label="The graph"><div class="graph" ${css({ width: `${wide}px`, height: `${high}px` })}>
        <svg viewBox=${`0 0 ${wide} ${high}`} aria-hidden="true">${lines.map((edge) => this.line(edge, placed))}</svg>
        ${inside.map(([node, i]) => this.node(node, placed.get(i) as [number, number], value.word))}</div></div>
      <p class="caption">${lines.length === 1 ? 'One link' : `${lines.length} links`} among ${inside.length} tokens; each was kept because no set of up to three others makes its ends independent (level 10⁻⁵). An arrow says which way, a ring that the test leaves it open. The figure under each is the attention it gets.</p>
      ${outside.length ? html`<p class="caption">Looked at, but not joined to the word: ${outside.sort((a, b) => real(b.attention) - real(a.attention)).slice(0, 8).map((node) => (app.patchOf(node.label) >= 0 ? place(node.label) : `“${visible(node.text)}”`)).join('; ')}${outside.length > 8 ? `; and ${outside.length - 8} more` : ''}.</p>` : nothing}`;
  }

  private line(edge: PartialGraphEdge, placed: Map<number, [number, number]>): unknown {
    const [x1, y1] = placed.get(edge.from) as [number, number];
    const [x2, y2] = placed.get(edge.to) as [number, number];
    const bend = Math.abs(x1 - x2) < 1 ? 46 : 0;
    const mx = (x1 + x2) / 2 - bend;
    const my = (y1 + y2) / 2;
    const mark = (kind: string, x: number, y: number, fromX: number, fromY: number): unknown => {
      const d = Math.hypot(x - fromX, y - fromY) || 1;
      const [ux, uy] = [(x - fromX) / d, (y - fromY) / d];
      const [px, py] = [x - ux * 24, y - uy * 24];
      if (kind === 'ARROW') return svg`<polygon points=${`${px},${py} ${px - ux * 9 - uy * 4.5},${py - uy * 9 + ux * 4.5} ${px - ux * 9 + uy * 4.5},${py - uy * 9 - ux * 4.5}`}/>`;
      return kind === 'CIRCLE' ? svg`<circle cx=${px - ux * 4} cy=${py - uy * 4} r="3.6"/>` : nothing;
    };
    return svg`<g class="link"><path d=${bend ? `M${x1} ${y1}Q${mx - bend} ${my} ${x2} ${y2}` : `M${x1} ${y1}L${x2} ${y2}`}/>${mark(edge.atTo, x2, y2, bend ? mx - bend : x1, bend ? my : y1)}${mark(edge.atFrom, x1, y1, bend ? mx - bend : x2, bend ? my : y2)}</g>`;
  }

  private node(node: CausalExplanationNode, [x, y]: [number, number], word: string): unknown {
    const patch = app.patchOf(node.label);
    const seen = app.views().find((view) => patch >= view.offset && patch < view.offset + view.rows * view.columns);
    const picture = seen && app.picture(seen.picture);
    if (seen && picture) {
      const [row, column] = [Math.floor((patch - seen.offset) / seen.columns), (patch - seen.offset) % seen.columns];
      const [left, top, width, height] = seen.crop;
      const [w, h] = [width / seen.columns, height / seen.rows];
      const [px, py] = [left + column * w, top + row * h];
      return html`<button class="cause patch" data-patch=${patch} aria-pressed=${app.state.patch === patch ? 'true' : 'false'} aria-label=${`${place(node.label)}, attention ${percent(node.attention)}`} title=${place(node.label)} ${css({ left: `${x}px`, top: `${y}px` })}
        @pointerenter=${() => app.hovered(patch)} @pointerleave=${() => app.hovered(-1)} @click=${() => app.set({ patch: app.state.patch === patch ? -1 : patch }, true)}>
        <span class="crop"><img src=${app.address(picture.sha256)} alt="" ${css({ width: `${(36 * picture.width) / w}px`, height: `${(36 * picture.height) / h}px`, left: `${(-36 * px) / w}px`, top: `${(-36 * py) / h}px` })}></span></button><small class="under" ${css({ left: `${x}px`, top: `${y + 20}px` })}>${percent(node.attention)}</small>`;
    }
    return html`<span class="cause text ${node.radius === 0 ? 'goal' : ''}" title=${place(node.label)} ${css({ left: `${x}px`, top: `${y}px` })}>${node.radius === 0 ? word : visible(node.text)}</span>`;
  }

  private tests(value: CausalExplanation): unknown {
    const how: Record<string, string> = { MEAN: 'made the mean', KNOCKOUT: 'not looked at' };
    return html`<h3>Masked, to see</h3><div class="scroll" tabindex="0" role="region" aria-label="Sets of tokens, masked"><table>
      <thead><tr><th scope="col">Within</th><th scope="col">Tokens</th><th scope="col">Masked</th><th scope="col">“${value.word}” then</th><th scope="col">Random sets</th><th scope="col">As low by chance</th><th scope="col">It says</th></tr></thead>
      <tbody>${value.sets.map((set) => html`<tr><th scope="row">${set.radius} ${set.radius === 1 ? 'step' : 'steps'}</th><td class="num">${set.positions.length}</td><td>${how[set.masking] ?? set.masking}</td>
        <td class="num"><span class="bar-cell"><span class="fill" ${css({ width: `${100 * Math.exp(real(set.masked))}%` })}></span></span><span>${percent(Math.exp(real(set.masked)))}</span></td><td class="num">${percent(Math.exp(real(set.randomMasked)))}</td><td class="num">${percent(set.lower)}</td><td>${set.changes ? `“${set.says}”` : html`<span class="soft">the same</span>`}</td></tr>`)}</tbody></table></div>
      <p class="caption">“As low by chance”: the share of random sets of as many patches and words after which the word is no likelier: the p-value of the masking test. Unmasked it has ${percent(Math.exp(real(value.sets[0].clean)))}.</p>`;
  }
}
customElements.define('lv-causes', CausesView);
