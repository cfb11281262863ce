// What is tested without a browser.

export { FAINT, inkOn, isDark, laid, learn, rangeOf, rgb, solid, strength, told } from './colours';
export { legend, paint } from './heatmap';
export { LEAST, NAMES } from './names';
export { edgesOf, labelsOf } from './pieces';
export { depthName, headOf, isPatch, Reading } from './reading';
export { decimal, percent, visible } from './text';
