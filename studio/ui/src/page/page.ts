// The page that `explain` writes. Its script is one classic script: it stands in a file that is opened without a server.

import { render } from 'lit';
import { empty } from '../draw/words';
import { buildAnswer, buildProvenance, showWord } from './answer';
import { buildFigures } from './figures';
import { byId } from './parts';
import { buildStage } from './stage';
import { explanation, on, readAddress, set, state } from './state';

/** Of theme.js, which all pages have and which stands before this script. */
declare function buildTheme(changed: () => void): void;

function start(): void {
  byId('skip').addEventListener('click', () => { byId('figures').scrollIntoView(); byId('figures').querySelector<HTMLElement>('[tabindex="0"], button')?.focus(); });
  buildTheme(() => set({ theme: state.theme + 1 }));
  if (explanation.words.length) Object.assign(state, readAddress());
  buildAnswer();
  buildProvenance();
  if (explanation.words.length === 0) {
    byId('stage').replaceChildren();
    render(empty('No word of this answer was explained.'), byId('stage'));
    byId('figures').remove();
    return;
  }
  buildStage();
  on('word', showWord);
  showWord();
  // What lies below is drawn once the answer and the picture are seen; on paper at once.
  let left = true;
  const rest = (): void => { if (left) { left = false; buildFigures(); } };
  setTimeout(rest);
  addEventListener('beforeprint', rest);
  addEventListener('hashchange', () => set({ ...readAddress(), hover: -1 }));
}

start();
