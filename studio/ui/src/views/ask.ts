// Ask: what the answer is, and what each word of it rests on.

import { html, nothing } from 'lit';
import { css } from '../draw/css';
import { app, Part, type Word } from '../app';
import { hiddenRequest } from '../maps';
import { head, progress, refusal, shown } from '../parts';
import { number, numbered, percent, real, signed, QUANTITIES, VERDICTS } from '../text';
import { isNew, startTour } from '../tour';
import type { CausalMap, EvidenceWord, Whose } from '../openapi';

export class AskView extends Part {
  override render(): unknown {
    const evidence = app.evidence();
    const asked = app.ask();
    const judged = evidence.result?.value;
    const found = judged?.headline;
    const word = app.word();
    return html`
      ${head('What the answer rests on', 'Each word is asked for again without the picture. What changes rests on the picture; what stays comes from the text.')}
      ${found ? html`<div class="finding ${found.verdict}"><p class="lead">${numbered(found.sentences.join(' '), app.sums())}</p>${found.belief ? html`<p class="soft">${found.belief}</p>` : nothing}</div>` : nothing}
      ${asked.problem && asked.ended ? refusal(asked.problem) : !asked.ended ? progress(asked) : nothing}
      ${asked.ended && !asked.problem && !evidence.ended ? progress(evidence) : nothing}
      ${evidence.problem && !asked.problem ? refusal(evidence.problem) : nothing}
      ${judged?.whose ? this.whose(judged.whose) : nothing}
      ${judged ? this.table(judged.words) : nothing}
      ${judged && app.sums().length > 1 && word ? this.which(word) : nothing}
      ${app.offline ? nothing : this.gallery()}`;
  }

  private table(words: EvidenceWord[]): unknown {
    const chosen = app.wordIndex();
    return html`<div class="scroll" tabindex="0" role="region" aria-label="Words of the answer"><table class="words">
      <thead><tr><th scope="col">Word</th><th scope="col">Verdict</th><th scope="col">With the picture</th><th scope="col">Without</th><th scope="col">Because</th></tr></thead>
      <tbody>${words.map((word, i) => html`<tr class=${i === chosen ? 'on' : ''}>
        <th scope="row"><button class="link" data-word=${i} @click=${() => app.set({ word: i })}>${word.text}</button></th>
        <td><span class="dot ${word.verdict}" aria-hidden="true"></span>${VERDICTS[word.verdict]?.name ?? word.verdict}</td>
        <td class="num">${this.bar(Math.exp(real(word.logProbability)))}</td>
        <td class="num">${word.blind === null ? '–' : this.bar(Math.exp(word.blind))}</td>
        <td class="soft because">${word.because}</td></tr>`)}</tbody></table></div>`;
  }

  /** Which of several pictures the chosen word used: what looks at each, what comes from each, and what is lost without it. */
  private which(word: Word): unknown {
    const hidden = app.need(hiddenRequest());
    const views = app.views();
    const sum = (id: string, image: number): number | undefined => {
      const of = app.explained()?.maps.filter((one) => one.id === id && views[one.image]?.picture === image) ?? [];
      return of.length ? of.flatMap((one) => one.values).reduce<number>((all, v) => all + (v ?? 0), 0) : undefined;
    };
    const looks = app.sums().map((_, i) => sum('average-attention', i) ?? 0);
    const all = looks.reduce((one, other) => one + other, 0);
    const without = (image: number): CausalMap | undefined => {
      const maps = hidden.result?.value.maps ?? [];
      return maps[views.find((view) => view.picture === image)?.index ?? image];
    };
    return html`<section class="which"><h3>Which picture did “${word.text}” use?</h3><p class="soft">${QUANTITIES.which}</p>
      ${hidden.result ? nothing : shown(hidden, () => nothing)}
      <div class="scroll" tabindex="0" role="region" aria-label="What each picture does for the word"><table data-found="which">
      <thead><tr><th scope="col">Picture</th><th scope="col">Attention</th><th scope="col">Log increase</th><th scope="col">All there</th><th scope="col">Without it</th><th scope="col">Effect</th></tr></thead>
      <tbody>${app.sums().map((one, i) => {
        const map = without(i);
        const lost = map ? real(map.cells[0][0].logProbability) - real(map.base.logProbability) : undefined;
        return html`<tr class=${i === app.state.image ? 'on' : ''}><th scope="row"><button class="link shot-link" data-which=${i} @click=${() => app.set({ image: i }, true)}><img src=${app.address(one)} alt=""> Picture ${i + 1}</button></th>
          <td class="num">${all > 0 ? html`${this.bar(looks[i] / all)}` : '–'}</td>
          <td class="num">${sum('all-heads', i) === undefined ? '–' : `${number(sum('all-heads', i))} nats`}</td>
          <td class="num">${map ? percent(map.base.probability) : '–'}</td><td class="num">${map ? percent(map.cells[0][0].probability) : '–'}</td>
          <td class="num"><b>${lost === undefined ? '–' : `${signed(lost)} nats`}</b></td></tr>`;
      })}</tbody></table></div></section>`;
  }

  /** Of a word that speaks of something absent: what it was borrowed from. */
  private whose(found: Whose): unknown {
    const { test } = found;
    const before = real(test.before);
    const loss = before - real(test.after);
    const mean = test.elsewhere.length ? test.elsewhere.reduce<number>((sum, v) => sum + before - real(v), 0) / test.elsewhere.length : NaN;
    const at = app.words().findIndex((word) => word.position === found.position);
    return html`<section class="whose"><h3>Whose “${found.word}” was it?</h3>
      <p>${found.asked ? html`There is no ${found.asked}. ` : nothing}${found.owner ? html`The word rests on the <b>${found.owner}</b>.` : 'No thing that the model names lies where the word rests.'} Without that region “${found.word}” goes from ${percent(Math.exp(before))} to ${percent(Math.exp(real(test.after)))}${test.said.trim() && test.said.trim() !== found.word ? html`, and it would say “${test.said.trim()}”` : nothing}.</p>
      <p class="soft">It loses ${number(loss)} nats; regions of the same shape elsewhere cost ${Math.abs(mean) < 0.005 ? 'nothing' : number(mean)} in the mean, and ${test.changed} of ${test.elsewhere.length} change the word.${found.also ? ` Asked about the ${found.owner}, the model says “${found.also.replace(/\.$/, '')}”.` : ''}</p>
      ${found.candidates.length ? html`<p class="options">${found.candidates.slice(0, 5).map((one) => html`<span>${one.name} <small>${percent(one.share)}</small></span>`)}</p>` : nothing}
      ${at >= 0 && at !== app.wordIndex() ? html`<button data-act="whose" @click=${() => app.set({ word: at })}>Show where</button>` : nothing}</section>`;
  }

  private bar(p: number): unknown {
    return html`<span class="bar-cell"><span class="fill" ${css({ width: `${Math.round(100 * Math.min(1, p))}%` })}></span></span><span>${percent(p)}</span>`;
  }

  private gallery(): unknown {
    return html`${isNew() ? html`<p class="welcome"><b>New here?</b> A tour of two minutes shows what can be asked. <button class="primary" data-act="tour" @click=${() => startTour()}>Take the tour</button></p>` : nothing}<section class="gallery"><h3>Pictures to begin with</h3>
      <div class="cards">${app.samples.map((sample) => html`<div class="card ${app.sums().includes(sample.picture.sha256) ? 'on' : ''}">
        <button class="shot" aria-label=${`Take the picture of ${sample.objects.join(', ')}`} @click=${() => app.set({ picture: sample.picture.sha256, question: sample.questions[0] })}>
          <img src=${app.address(sample.picture.sha256)} alt="" loading="lazy"></button>
        ${app.sums().includes(sample.picture.sha256) || !app.sums().length ? nothing : html`<button class="link add" data-act="beside" @click=${() => app.show([sample.picture.sha256], true)}>+ ask about it too</button>`}
        ${sample.questions.slice(0, 3).map((question) => html`<button class="link" @click=${() => app.set({ picture: sample.picture.sha256, question })}>${question}</button>`)}
      </div>`)}</div></section>`;
  }
}
customElements.define('lv-ask', AskView);
