// A picture of the question with a map over it, to look at and not to point at.

import { html, type TemplateResult } from 'lit';
import { app } from './app';
import './draw/picture';
import { ratio, shot } from './served';
import type { Drawing } from './draw/picture';
import type { PictureMap } from './maps';

/** How the maps of this page are drawn. */
export const drawing = (map: Pick<PictureMap, 'range' | 'signed'>, opacity = 0.8): Drawing => ({ range: map.range, signed: map.signed, smooth: app.state.smooth, how: 'colour', opacity });

export const overlaid = (map: Pick<PictureMap, 'range' | 'signed' | 'rows' | 'columns' | 'values'> | undefined, image = app.state.image, opacity = 0.8, hatched = false): TemplateResult =>
  html`<lv-picture .shot=${shot(image)} .ratio=${ratio(image)} .grid=${map} .drawing=${map && drawing(map, opacity)} .marks=${{ hatched }}></lv-picture>`;
