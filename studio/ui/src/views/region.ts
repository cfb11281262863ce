// Necessity and sufficiency of a region, each on the scale of what the whole picture brings, beside random regions.

import { html, nothing } from 'lit';
import { css } from '../draw/css';
import { app } from '../app';
import { measured } from '../maps';
import { percent, plain, real } from '../text';
import type { Request } from '../api';
import type { ChangedRegionEffectResult, Measures, RegionEffectEffect, RegionEffectMean } from '../openapi';

/** What hiding the region that is kept as a picture does to the chosen word. */
export const regionRequest = (): Request<'region'> => ({
  request: 'region', measure: measured(),
  region: { kind: 'mask', picture: { kind: 'stored', sha256: app.state.mask } }, ...(app.state.image ? { of: app.state.image } : {}),
});

interface Scale { low: number; high: number }

/** Where a number lies, in percent of the width. */
const at = (scale: Scale, v: number): number => Math.min(100, Math.max(0, (100 * (v - scale.low)) / (scale.high - scale.low)));

const share = (v: number): string => (v > 1 ? `${(100 * v).toFixed(0)} %` : percent(Math.max(0, v)));

/** With two decimals, as sentences have it. */
const nats = (v: number): string => (Math.abs(v) < 0.005 ? '0.00' : v.toFixed(2).replace('-', '−'));

const mean = (one: RegionEffectMean): string => `${nats(real(one.value))}${one.spread === null ? '' : ` ± ${nats(one.spread)}`}`;

/** The outline of the patches that were hidden, over the picture. */
export function regionOutline(): unknown {
  if (!app.state.mask || !app.word()) return nothing;
  const found = app.peek(regionRequest())?.result?.value.maps[0];
  const view = app.views().find((one) => one.picture === app.state.image && one.rows === found?.rows && one.columns === found?.columns);
  const picture = app.picture();
  if (!found || !view || !picture) return nothing;
  const [left, top, width, height] = view.crop;
  const has = new Set<number>(found.patches);
  const [w, h] = [width / view.columns, height / view.rows];
  let path = '';
  for (const patch of has) {
    const [row, column] = [Math.floor(patch / view.columns), patch % view.columns];
    const [x, y] = [left + column * w, top + row * h];
    if (row === 0 || !has.has(patch - view.columns)) path += `M${x} ${y}h${w}`;
    if (row === view.rows - 1 || !has.has(patch + view.columns)) path += `M${x} ${y + h}h${w}`;
    if (column === 0 || !has.has(patch - 1)) path += `M${x} ${y}v${h}`;
    if (column === view.columns - 1 || !has.has(patch + 1)) path += `M${x + w} ${y}v${h}`;
  }
  return html`<svg class="pieces region-cells" viewBox="0 0 ${picture.width} ${picture.height}" preserveAspectRatio="none" aria-hidden="true"><path d=${path}></path></svg>`;
}

function line(name: string, what: string, effect: RegionEffectEffect, randoms: number[], scale: Scale, brings: number): unknown {
  const { spread } = effect.region;
  const value = real(effect.region.value);
  const [left, right] = [at(scale, value - (spread ?? 0)), at(scale, value + (spread ?? 0))];
  return html`<div class="effect" data-effect=${name.toLowerCase()}>
    <div class="effect-head"><b>${name}</b> <span class="soft">${what}</span><span class="effect-value"><b>${mean(effect.region)}</b> nats${effect.share === null ? nothing : html`, ${share(effect.share)}`}</span></div>
    <div class="effect-line" role="img" aria-label=${`${name}: ${mean(effect.region)} nats${effect.random && effect.p !== null ? `, random regions ${mean(effect.random)} nats, p ${effect.p.toFixed(3)}` : ''}`}>
      <i class="zero" ${css({ left: `${at(scale, 0)}%` })}></i><i class="zero all" ${css({ left: `${at(scale, brings)}%` })}></i>
      ${randoms.map((v) => html`<i class="random" ${css({ left: `${at(scale, v)}%` })} title=${`a random region: ${nats(v)} nats`}></i>`)}
      <i class="spread" ${css({ left: `${left}%`, width: `${Math.max(0.4, right - left)}%` })}></i>
      <i class="own" ${css({ left: `${at(scale, value)}%` })} title=${`the region: ${mean(effect.region)} nats`}></i>
    </div>
    ${effect.random && effect.above && effect.p !== null ? html`<p class="caption">Random regions: ${mean(effect.random)} nats. Above them: ${mean(effect.above)} nats, <b>p = ${effect.p.toFixed(effect.p < 0.095 ? 3 : 2)}</b>.</p>` : nothing}</div>`;
}

/** What was found, in a sentence, as a figure and as a table. */
export function regionEffect(value: ChangedRegionEffectResult): unknown {
  const found = value.maps[0];
  const brings: number = found.fillings.reduce((sum, one) => sum + real(found.clean.logProbability) - real(one.nothing.logProbability), 0) / found.fillings.length;
  const need: number[] = found.controls.map((one) => real(one.necessity));
  const enough: number[] = found.controls.map((one) => real(one.sufficiency));
  const ends = [found.necessity.region, found.sufficiency.region].flatMap((one) => [real(one.value) - (one.spread ?? 0), real(one.value) + (one.spread ?? 0)]);
  const low = Math.min(0, ...need, ...enough, ...ends);
  const high = Math.max(brings, 0.1, ...need, ...enough, ...ends);
  const room = 0.03 * (high - low);
  const scale: Scale = { low: low - room, high: high + room };
  const cell = (one: Measures): unknown => html`<td class="num"><span class="bar-cell"><span class="fill" ${css({ width: `${100 * real(one.probability)}%` })}></span></span><span>${percent(one.probability)}</span></td>`;
  return html`<p class="lead" data-found="knock">${plain(value.conclusions[0] ?? '')}</p>
    <div class="effects">
      ${line('Necessity', 'hidden, it costs', found.necessity, need, scale, brings)}
      ${line('Sufficiency', 'alone, it brings back', found.sufficiency, enough, scale, brings)}
      <div class="effect-axis" aria-hidden="true"><span class="zero" ${css({ left: `${at(scale, 0)}%` })}>0</span><span class=${at(scale, brings) > 60 ? 'left' : ''} ${css({ left: `${at(scale, brings)}%` })}>the whole picture: ${nats(brings)}</span></div>
      <ul class="key"><li><i class="mark own"></i>the region, ${found.patches.length} of ${found.rows * found.columns} patches</li>${found.controls.length ? html`<li><i class="mark random"></i>${found.controls.length} random regions as large, ${found.how}</li>` : nothing}<li class="soft">bars: 95 % intervals over ${found.fillings.length} fillings</li></ul>
    </div>
    <details class="fillings"><summary>What each filling gave</summary>
    <div class="scroll" tabindex="0" role="region" aria-label="Probability by filling"><table><thead><tr><th scope="col">Hidden by</th><th scope="col">Without the region</th><th scope="col">The region alone</th><th scope="col">No picture</th></tr></thead>
    <tbody><tr><th scope="row">nothing</th>${cell(found.clean)}<td></td><td></td></tr>${found.fillings.map((one) => html`<tr><th scope="row">${one.fill}</th>${cell(one.hidden)}${cell(one.kept)}${cell(one.nothing)}</tr>`)}</tbody></table></div></details>`;
}
