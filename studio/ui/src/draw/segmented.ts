// Buttons of which one holds.

import { html } from 'lit';

export const segmented = <T>(label: string, options: [T, string][], now: T, choose: (option: T) => void): unknown => html`<div class="segmented" role="group" aria-label=${label}>${options.map(([value, text]) => html`<button type="button" aria-pressed=${value === now ? 'true' : 'false'} @click=${() => choose(value)}>${text}</button>`)}</div>`;
