// Ask: what the answer is, and what each word of it rests on.

import { html, nothing } from 'lit';
import { css } from '../css';
import { app, Part } from '../app';
import { head, progress, refusal } from '../parts';
import { percent, VERDICTS } from '../text';
import type { Value } from '../api';

export class AskView extends Part {
  override render(): unknown {
    const evidence = app.evidence();
    const asked = app.ask();
    const judged = evidence.result?.value;
    const found = judged?.headline;
    return html`
      ${head('What the answer rests on', 'Each word is asked for again without the picture. What changes rests on the picture; what stays comes from the text.')}
      ${found ? html`<div class="finding ${found.verdict}"><p class="lead">${found.sentences.join(' ')}</p>${found.belief ? html`<p class="soft">${found.belief}</p>` : nothing}</div>` : nothing}
      ${asked.problem && asked.ended ? refusal(asked.problem) : !asked.ended ? progress(asked) : nothing}
      ${asked.ended && !asked.problem && !evidence.ended ? progress(evidence) : nothing}
      ${evidence.problem && !asked.problem ? refusal(evidence.problem) : nothing}
      ${judged ? this.table(judged.words) : nothing}
      ${app.offline ? nothing : this.gallery()}`;
  }

  private table(words: Value[]): unknown {
    const chosen = app.wordIndex();
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Words of the answer"><table class="words">
      <thead><tr><th scope="col">Word</th><th scope="col">Verdict</th><th scope="col">With the picture</th><th scope="col">Without</th><th scope="col">Because</th></tr></thead>
      <tbody>${words.map((word, i) => html`<tr class=${i === chosen ? 'on' : ''}>
        <th scope="row"><button class="link" data-word=${i} @click=${() => app.set({ word: i })}>${word.text}</button></th>
        <td><span class="dot ${word.verdict}" aria-hidden="true"></span>${VERDICTS[word.verdict]?.name ?? word.verdict}</td>
        <td class="num">${this.bar(Math.exp(word.logProbability))}</td>
        <td class="num">${word.blind === null || word.blind === undefined ? '–' : this.bar(Math.exp(word.blind))}</td>
        <td class="soft because">${word.because}</td></tr>`)}</tbody></table></div>`;
  }

  private bar(p: number): unknown {
    return html`<span class="bar-cell"><span class="fill" ${css({ width: `${Math.round(100 * Math.min(1, p))}%` })}></span></span><span>${percent(p)}</span>`;
  }

  private gallery(): unknown {
    return html`<section class="gallery"><h3>Pictures to begin with</h3>
      <div class="cards">${app.samples.map((sample) => html`<div class="card ${sample.picture.sha256 === app.state.picture ? 'on' : ''}">
        <button class="shot" aria-label=${`Take the picture of ${sample.objects.join(', ')}`} @click=${() => app.set({ picture: sample.picture.sha256, question: sample.questions[0] })}>
          <img src=${app.address(sample.picture.sha256)} alt="" loading="lazy"></button>
        ${sample.questions.slice(0, 3).map((question) => html`<button class="link" @click=${() => app.set({ picture: sample.picture.sha256, question })}>${question}</button>`)}
      </div>`)}</div></section>`;
  }
}
customElements.define('lv-ask', AskView);
