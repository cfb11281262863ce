// The answer, the provenance, and putting the page together.

function tokenChip(token, small) {
  const text = visible(token.text);
  const p = percent(Math.exp(token.logProbability));
  const glued = !/^[\s\u2581]/.test(token.text) && token !== DATA.answer.tokens[0];
  const attributes = { class: `chip${glued ? ' glued' : ''}${token.insteadOf == null ? '' : ' overruled'}` };
  const other = token.insteadOf == null ? '' : visible(token.insteadOf);
  const label = small ? [make('bdi', { text })] : [make('bdi', { text }), make('small', { text: other ? `${p}, not \u201c${other}\u201d` : p })];
  const chosen = other ? `; a generation setting of the checkpoint chose it, the model held \u201c${other}\u201d more probable` : '';
  const note = `probability ${p}${chosen}`;
  if (token.explained < 0) return make('span', { ...attributes, title: `${note}; not explained in this file` }, label);
  return make('button', { ...attributes, type: 'button', title: `explain this word; ${note}`, tabindex: small ? '-1' : null, 'data-word': token.explained,
    onclick: () => set({ word: token.explained }) }, label);
}

/** The tokens as chips; pieces of one word, and the full stop behind it, stay on its line. */
function wordChips(tokens) {
  const words = [];
  for (const token of tokens) {
    const chip = tokenChip(token, false);
    if (chip.classList.contains('glued')) words.at(-1).push(chip);
    else words.push([chip]);
  }
  return words.map((chips) => (chips.length === 1 ? chips[0] : make('span', { class: 'one-word' }, chips)));
}

function buildAnswer() {
  const tokens = DATA.answer.tokens;
  if (tokens.length) byId('answer').replaceChildren(...wordChips(tokens));
  else byId('answer').textContent = DATA.answer.text || '(the model answered nothing)';
  // Asked about another word, the page still says what the model answered.
  const asked = / \(asked about: [^]*\)$/.exec(DATA.answer.text);
  if (asked) byId('answer').before(make('p', { class: 'own-answer' }, make('span', { class: 'eyebrow', text: 'The model answered' }), make('bdi', { text: DATA.answer.text.slice(0, asked.index) }), make('span', { class: 'eyebrow', text: 'Asked about' })));
  byId('bar-answer').append(...tokens.map((t) => tokenChip(t, true)));
  const linked = new Set(tokens.map((t) => t.explained));
  const rest = DATA.words.map((w, i) => [w, i]).filter(([, i]) => !linked.has(i));
  byId('others').replaceChildren(...(rest.length ? [make('span', { class: 'eyebrow', text: 'Also explained' })] : []),
    ...rest.map(([w, i]) => make('button', { type: 'button', class: 'chip', 'data-word': i, onclick: () => set({ word: i }) },
      make('bdi', { text: visible(w.target.text) }), make('small', { text: w.target.kind === 'contrast' ? `difference ${number(w.logProbability, true)}` : percent(Math.exp(w.logProbability)) }))));
  if (!byId('question').textContent.trim()) byId('question').textContent = '(no question)';
  const why = DATA.choice?.why;
  byId('answer-hint').textContent = [why && DATA.words.length ? `\u2013 \u201c${visible(DATA.words[0].target.text)}\u201d is explained: ${why}` : '',
    DATA.words.length > 1 ? '\u2013 choose a marked word to see why it was said' : ''].join(' ');
  new IntersectionObserver((entries) => byId('bar').classList.toggle('past', !entries[0].isIntersecting), { rootMargin: '-56px 0px 0px' }).observe(byId('hero'));
}

function showWord() {
  for (const chip of document.querySelectorAll('button.chip')) chip.setAttribute('aria-pressed', String(Number(chip.dataset.word) === state.word));
  for (const b of document.querySelectorAll('b[data-word]')) b.textContent = `\u201c${visible(word().target.text)}\u201d`;
  const small = byId('bar-answer').querySelector('[aria-pressed="true"]');
  if (small) byId('bar-answer').scrollLeft = small.offsetLeft - byId('bar-answer').offsetLeft - 24;
  showHeadline();
  announce(`Explaining ${visible(word().target.text)}`);
}

/** Why the chosen word was said, how far to believe it, what else could have been said. */
function showHeadline() {
  const line = DATA.headlines[state.word];
  const { runnerUp, predictions, target } = word();
  const host = byId('headline');
  const others = runnerUp ? predictions.filter(([id]) => id !== target.ids[0]).slice(0, 3) : [];
  const places = runnerUp ? [...new Set(Array.from(runnerUp.positions, placeOf))] : [];
  host.replaceChildren(
    ...(line ? line.sentences.map((text, i) => make('p', { class: i ? '' : 'first' }, make('bdi', { text }))) : []),
    others.length ? make('p', { class: 'else' }, make('span', { class: 'eyebrow', text: 'Else' }),
      ...others.map(([, text, p]) => make('span', { class: 'instead' }, make('bdi', { text: visible(text) }), make('small', { text: ` ${percent(p)}` }))),
      places.length ? make('small', { text: ` for \u201c${visible(runnerUp.text)}\u201d speak ${places.join(', ')}` }) : null) : null,
    line?.test ? make('p', { class: 'test' }, make('span', { class: 'eyebrow', text: 'Test it' }), commandCode(line.test),
      make('button', { type: 'button', class: 'data', text: 'Copy', onclick: (e) => copy(line.test, e.currentTarget) })) : null);
}

function buildProvenance() {
  const p = DATA.provenance;
  const button = make('button', { type: 'button', class: 'data', text: 'Copy', onclick: () => copy(p.command, button) });
  byId('command').append(make('pre', {}, make('code', { text: p.command })), button);
  const seconds = Object.entries(p.seconds).map(([k, v]) => `${k} ${number(v)}\u202fs`).join(', ');
  const versions = Object.entries(p.versions).map(([k, v]) => `${k} ${v}`).join(', ');
  const facts = [
    ['Model', `${p.model} (${p.modelType}, ${(p.parameters / (p.parameters >= 1e9 ? 1e9 : 1e6)).toFixed(2)}\u202f${p.parameters >= 1e9 ? 'billion' : 'million'} weights)`],
    ['Revision', p.revision || 'not known'],
    ['Decoder', `${DATA.prompt.layers} layers, ${DATA.prompt.heads} heads, ${TOKENS.length} positions`],
    ['Numbers', `weights ${p.weightsDtype}, arithmetic ${p.computeDtype}`], ['Device', `${p.device}, ${p.threads} threads`],
    ['Seed', p.seed], ['Time', seconds], ['Made', p.created], ['Versions', [`Lynceus ${p.lynceus}`, versions].filter(Boolean).join(', ')],
  ];
  byId('facts').append(...facts.map(([k, v]) => make('div', {}, make('dt', { text: k }), make('dd', { text: v }))));
  const asRecord = (key, value) => (Array.isArray(value) && value.length === 3 && typeof value[1] === 'string' ? { id: value[0], text: value[1], score: value[2] } : value);
  byId('whole').append(make('button', { type: 'button', class: 'data', text: 'Whole explanation as JSON', onclick: () => save('lynceus-explanation.json', 'application/json', JSON.stringify(DATA, asRecord, 1)) }),
    make('button', { type: 'button', class: 'data', text: 'Link to this view', onclick: (e) => copy(location.href, e.currentTarget) }));
}

function start() {
  byId('skip').addEventListener('click', () => { byId('figures').scrollIntoView(); byId('figures').querySelector('[tabindex="0"], button')?.focus(); });
  buildTheme(() => themeListeners.forEach((f) => f()));
  buildAnswer();
  buildProvenance();
  if (DATA.words.length === 0) {
    byId('stage').replaceChildren(empty('No word of this answer was explained.'));
    byId('figures').remove();
    return;
  }
  Object.assign(state, readAddress());
  buildStage();
  buildReadout();
  buildHeads();
  buildLayers();
  buildPositions();
  buildPrompt();
  buildLensAndNeurons();
  on('word', showWord);
  showWord();
  addEventListener('hashchange', () => set({ ...readAddress(), hover: -1 }));
}

start();
