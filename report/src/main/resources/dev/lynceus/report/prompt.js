// The sequence as a strip of tokens, images collapsed.

/** Runs of the sequence: single tokens, and for each stretch of image positions one run. */
function promptRuns() {
  const runs = [];
  for (const token of TOKENS) {
    const last = runs.at(-1);
    if (token.image >= 0 && last?.image === token.image) last.positions.push(token.position);
    else runs.push({ image: token.image, token, positions: [token.position] });
  }
  return runs;
}

function showPrompt() {
  const host = byId('prompt');
  const head = headData();
  const runs = promptRuns();
  const value = (run) => (head ? sum(run.positions.map((p) => head.positionIncrease[p])) : null);
  const range = rangeOf(runs.map(value), true);
  const row = word().row;
  const bar = colourBar(range, true, `${WORDS.nats}, log increase through this head`);
  const chips = runs.map((run) => {
    const v = value(run);
    const style = !isNumber(v) ? {} : { 'background-color': rgb(solid(v, range, true)), color: inkOn(solid(v, range, true)) };
    const position = run.positions[0];
    const isImage = run.image >= 0;
    const patches = run.positions.filter((p) => isPatch(TOKENS[p])).length;
    const title = isImage ? `${visible(DATA.images[run.image].name)}: ${patches} patches, sum ${number(v, true)}` : `${run.token.label}: ${number(v, true)}`;
    const text = isImage ? `image ${run.image + 1} \u00b7 ${patches} patches` : visible(run.token.text);
    const point = (p) => () => { set({ hover: p }); bar.point(p < 0 ? null : v); };
    return make('button', {
      type: 'button', class: `token ${isImage ? 'image' : run.token.role}${position === row ? ' row' : ''}`, title, style, 'data-token': isImage ? null : position,
      onpointerenter: isImage ? null : point(position), onpointerleave: isImage ? null : point(-1),
      onfocus: isImage ? null : point(position), onblur: isImage ? null : point(-1),
      onclick: () => (isImage ? (set({ image: run.image }), byId('stage').scrollIntoView()) : togglePin(position)),
    }, make('bdi', { text }), isImage ? make('small', { text: ` ${number(v, true)}` }) : null);
  });
  host.replaceChildren(make('div', { class: 'strip' }, chips),
    make('div', { class: 'under-grid' }, head ? bar.node : empty('Not coloured: this head was not kept position by position.'),
      make('p', { class: 'value-line', text: `The underlined token is the position that predicts \u201c${visible(word().target.text)}\u201d.` })));
  markTokens();
}

function markTokens() {
  for (const chip of document.querySelectorAll('[data-token]')) {
    const p = Number(chip.dataset.token);
    chip.classList.toggle('hot', p === state.hover || p === state.pin);
  }
}

function buildPrompt() {
  showPrompt();
  on('word head', showPrompt);
  on('hover pin', markTokens);
  themeListeners.push(showPrompt);
  figureTools('prompt', () => TOKENS.map((t) => ({ ...t, increase: headData()?.positionIncrease[t.position] ?? null })));
}
