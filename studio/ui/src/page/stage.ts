// The pictures with the map over them, the controls, and what is known of the position that all point at.

import { html, nothing, type TemplateResult } from 'lit';
import { live } from 'lit/directives/live.js';
import '../draw/colour-bar';
import { css } from '../draw/css';
import { NAMES, LEAST } from '../draw/names';
import '../draw/picture';
import { headName, isPatch } from '../draw/reading';
import { metric, wordRowList, wordRows } from '../draw/readout';
import { segmented } from '../draw/segmented';
import { decimal, percent, visible } from '../draw/text';
import { empty, wordList } from '../draw/words';
import type { Drawing, Marks } from '../draw/picture';
import { cropOf, type View } from '../draw/source';
import { announce, byId, dataButtons, texts, view, type Row } from './parts';
import { currentMap, focusPosition, headData, mapChoices, mapRange, nothingOf, on, reading, set, shownImage, source, state, strongest, togglePin, tokens, valueAt, views, type PageMap, type State } from './state';

/** A number of a unit: what is a share of attention is a percentage. */
const valued = (v: number | null | undefined, unit: string, signed = false): string => (unit === NAMES.attention ? percent(v) : decimal(v, signed));

/** The map, where there is something to draw. */
function drawnMap(): PageMap | undefined {
  const map = currentMap();
  return map && nothingOf(map) === undefined ? map : undefined;
}

type Kind = 'seen' | 'original' | 'small';

/** A picture with its map: as the model saw it, the original with its frame, or small. */
function picture(image: number, kind: Kind): TemplateResult {
  const seen = views[image];
  const original = kind === 'original';
  const map = original ? undefined : drawnMap();
  const drawing: Drawing | undefined = map && { range: mapRange(map), signed: map.signed, smooth: state.smooth, how: state.drawn, opacity: state.opacity };
  const patch = (position: number): number => (isPatch(tokens[position]) && tokens[position].image === image ? tokens[position].patch : -1);
  const focus = patch(focusPosition());
  const marked = map && state.opacity > 0;
  const marks: Marks = {
    half: Boolean(marked) && state.marks < 0, hatched: Boolean(marked) && map?.signed, pin: patch(state.pin),
    top: marked && state.marks > 0 ? strongest(map).slice(0, state.marks).filter((one) => one.image === image).map((one) => one.patch) : [],
    hover: state.hover >= 0 ? focus : -1, best: state.hover < 0 && !original ? focus : -1,
  };
  const told = original ? `${seen.name}, the original picture` : `${seen.name} as the model saw it`;
  const at = (p: number): number => reading.positionOf[image][p] ?? -1;
  return html`<lv-picture .shot=${original ? source.original(image) : source.seen(image)} .grid=${{ rows: seen.rows, columns: seen.columns, values: map?.values[image] ?? undefined }} .drawing=${drawing} .marks=${marks} .told=${told} ?live=${kind !== 'small'}
    .ratio=${original ? seen.width / seen.height : seen.modelWidth / seen.modelHeight} .name=${`${seen.rows} by ${seen.columns} patches of ${seen.name}. Arrow keys move, Enter pins, Escape releases.`}
    @point=${(event: CustomEvent<number>) => { event.stopPropagation(); set({ hover: event.detail < 0 ? -1 : at(event.detail) }); }} @choose=${(event: CustomEvent<number>) => { if (at(event.detail) >= 0) togglePin(at(event.detail)); }} @release=${() => set({ pin: -1, hover: -1 })}></lv-picture>`;
}

/** Whether the model saw the whole picture. */
const whole = (view: View): boolean => cropOf(view)[2] >= view.width - 1 && cropOf(view)[3] >= view.height - 1;

/** The picture with the map; beside it the original, where the model saw something else. */
function pair(): unknown {
  const image = shownImage();
  const seen = views[image];
  byId('stage').classList.toggle('single', whole(seen));
  const name = html` <bdi>${visible(seen.name)}</bdi>, ${seen.width} × ${seen.height}`;
  return html`<figure ${css({ '--ratio': String(seen.modelWidth / seen.modelHeight) })}>${picture(image, 'seen')}<figcaption><b>As the model saw it</b> ${seen.modelWidth} × ${seen.modelHeight} pixels, ${seen.rows} × ${seen.columns} patches${whole(seen) ? html`; the whole picture${name}` : nothing}<span class="hint">Click a patch to pin it; with the keyboard: arrow keys, then Enter.</span></figcaption></figure>
    ${whole(seen) ? nothing : html`<figure ${css({ '--ratio': String(seen.width / seen.height) })}>${picture(image, 'original')}<figcaption><b>Original</b>${name}; the model saw what is inside the frame</figcaption></figure>`}`;
}

function thumbs(): unknown {
  byId('thumbs').hidden = views.length < 2;
  return views.length < 2 ? nothing : views.map((one, i) => html`<button type="button" class="thumb-button" aria-pressed=${i === shownImage() ? 'true' : 'false'} @click=${() => set({ image: i })}><span class="thumb-picture" aria-hidden="true" ${css({ '--ratio': String(one.modelWidth / one.modelHeight) })}>${picture(i, 'small')}</span><span>Image ${i + 1}<bdi>${visible(one.name)}</bdi></span></button>`);
}

/** The choice of maps, above the pictures. */
function maps(): unknown {
  const now = currentMap();
  if (!now) return empty('No map was made for this word.');
  return mapChoices().map((map) => html`<label class="map-choice" title=${map.caption}><input type="radio" name="map" value=${map.id} .checked=${live(map.id === now.id)} @change=${() => set({ map: map.id })}><span>${map.title}</span></label>`);
}

/** A labelled row of buttons for one key of the state. */
const control = <K extends keyof State>(label: string, key: K, choices: [State[K], string][], title = ''): unknown => html`<div class="control" title=${title || nothing}><span class="label">${label}</span>${segmented(label, choices, state[key], (v) => set({ [key]: v }))}</div>`;

function rows(): Row[] {
  return mapChoices().flatMap((map) => map.values.flatMap((values, image) => (values ?? []).map((v, patch) => ({
    map: map.id, image, row: Math.floor(patch / views[image].columns), column: patch % views[image].columns, position: reading.positionOf[image][patch], value: v, unit: map.unit,
  }))));
}

/** What the map is, its colours in numbers, and how it is drawn, below the pictures. */
function controls(): unknown {
  const map = currentMap();
  const faint = map && nothingOf(map);
  const percentage = `${Math.round(100 * state.opacity)}`;
  return html`<header><p class="caption">${map?.caption}</p><div class="tools">${dataButtons('maps', rows)}</div></header>
    ${faint === undefined ? nothing : html`<p class="note" role="status">Nothing is drawn: all patches together bring ${decimal(faint)} ${map?.unit}, less than ${decimal(LEAST)}.</p>`}
    <div class="control-row"><div class="control wide">${map ? html`<lv-colour-bar .range=${mapRange(map)} ?signed=${map.signed} .unit=${map.unit} .how=${state.drawn} .end=${(v: number) => valued(v, map.unit, map.signed)} .at=${valueAt(focusPosition())}></lv-colour-bar>` : nothing}</div>
      <div class="control"><label class="label" for="opacity">Opacity</label><div class="slider"><input type="range" min="0" max="100" id="opacity" .value=${live(percentage)} @input=${(event: Event) => set({ opacity: Number((event.target as HTMLInputElement).value) / 100 })}><output>${percentage}\u202f%</output></div></div>
      ${control('Between patches', 'smooth', [[false, 'Nearest'], [true, 'Smooth']], 'Smooth interpolates linearly between patch centres')}
      ${control('Outline', 'marks', [[-1, 'Half or more'], [0, 'None'], [5, 'Best 5'], [10, '10'], [25, '25']], 'Half or more: patches with at least half of the scale')}
      ${control('Colour scale', 'own', [[false, 'Whole answer'], [true, 'This word']], 'Whole answer: one scale for this map of all words')}
      ${control('Map as', 'drawn', [['light', 'Light'], ['colour', 'Colours'], ['grey', 'Colours on grey']], 'Light: the picture keeps its own colours where the map is strong, the rest fades')}</div>`;
}

function metrics(position: number): unknown {
  const map = currentMap();
  const value = valueAt(position);
  const head = headData();
  const name = head && headName(head.layer, head.head);
  const all = map ? strongest(map) : [];
  return html`<dl class="metrics">
    ${map && value !== undefined && value !== null ? html`${metric(map.title, valued(value, map.unit, map.signed), map.unit === NAMES.attention ? '' : map.unit)}${metric('Rank', `${all.findIndex((one) => one.position === position) + 1} of ${all.length}`)}` : nothing}
    ${head ? html`${metric(`Head ${name} increase`, decimal(head.positionIncrease[position], true), NAMES.nats)}${metric(`Head ${name} attention`, percent(head.attention[position]))}` : nothing}</dl>`;
}

function title(position: number, small: boolean): unknown {
  const token = tokens[position];
  const where = reading.placeOf(position);
  const why = state.hover >= 0 ? '' : state.pin >= 0 ? 'pinned' : 'strongest';
  return html`<div class="readout-title">${isPatch(token) && !small ? html`<lv-piece .shot=${reading.piece(position)} .size=${36}></lv-piece>` : nothing}
    <div><h2><bdi>${isPatch(token) ? where.replace('row', 'Row') : where}</bdi></h2><p class="where">${token.image >= 0 ? `${views.length > 1 ? `image ${token.image + 1}, ` : ''}position ${position}` : `${token.role}, position ${position}`}</p></div>
    ${small ? nothing : html`${why ? html`<span class="badge">${why}</span>` : nothing}${state.pin >= 0 && state.hover < 0 ? html`<button type="button" class="data" @click=${() => set({ pin: -1 })}>Release</button>` : nothing}`}</div>`;
}

function readout(): unknown {
  const position = focusPosition();
  if (!tokens[position]) return empty('Point at a patch or a token to see what is known about it.');
  return html`${title(position, false)}${metrics(position)}${wordRowList(wordRows(reading, position, headData()))}`;
}

/** What stays in sight beside the figures. */
function dock(): unknown {
  const position = focusPosition();
  const told = tokens[position] ? wordRows(reading, position, headData()).filter((row) => !row.common).slice(0, views.length ? 2 : 4) : [];
  return html`${views.length ? html`<div id="dock-picture">${picture(shownImage(), 'small')}</div>` : nothing}
    <div id="dock-readout">${tokens[position] ? html`${title(position, true)}${metrics(position)}${told.map((row) => html`<p class="dock-words"><span class="none">${row.what}</span>${wordList(row.words.slice(0, 5))}</p>`)}` : nothing}</div>`;
}

export function buildStage(): void {
  if (views.length) {
    view('maps', 'word map head', maps);
    view('thumbs', 'word map head image smooth own drawn opacity theme', thumbs);
    view('pair', 'word map head image smooth own drawn opacity marks hover pin theme', pair);
    view('controls', 'word map head own drawn smooth marks opacity hover pin image theme', controls);
    // The small picture comes when the large one has gone: never two at once.
    new IntersectionObserver((entries) => byId('dock').classList.toggle('waiting', entries[0].isIntersecting), { rootMargin: '-56px 0px 0px' }).observe(byId('pair'));
  } else {
    byId('stage').classList.add('no-image');
    view('pair', '', () => empty('This was a question without a picture: the figures below show which words of the prompt raised the answer.'));
    for (const id of ['controls', 'maps', 'thumbs']) byId(id).remove();
  }
  view('readout', 'word map head hover pin image', readout);
  view('dock', 'word map head hover pin image smooth own drawn opacity marks theme', dock);
  on('hover', () => {
    const position = state.hover;
    if (position < 0) return;
    const value = isPatch(tokens[position]) ? valueAt(position) : headData()?.positionIncrease[position];
    const said = wordRows(reading, position, headData()).find((row) => !row.common)?.words ?? [];
    announce(`${reading.placeOf(position)}: ${decimal(value)}. ${texts(said.slice(0, 3))}`);
  });
}

