// Style that depends on numbers, set in a way that a strict content security policy allows: never as an attribute.

import { directive, Directive, PartType, type ElementPart, type PartInfo } from 'lit/directive.js';

class Css extends Directive {
  private before: string[] = [];

  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error('css() stands in the tag of an element');
  }

  override render(_properties: Record<string, string>): void { /* update does it */ }

  override update(part: ElementPart, [properties]: [Record<string, string>]): void {
    const { style } = part.element as HTMLElement;
    for (const name of this.before) if (!(name in properties)) style.removeProperty(name);
    for (const [name, value] of Object.entries(properties)) style.setProperty(name, value);
    this.before = Object.keys(properties);
  }
}

/** `<span ${css({ width: '12%' })}>` */
export const css = directive(Css);
