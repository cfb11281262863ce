// What every place that shows results has in common. Nothing here knows the page that it stands in.

export { FAINT, inkOn, isDark, laid, learn, rangeOf, rgb, solid, strength, told } from './colours';
export { legend, paint } from './heatmap';
export { decimal, percent, visible } from './text';
