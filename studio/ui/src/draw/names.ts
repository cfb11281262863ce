// What the library calls things, and the floors that its own pictures have; a test of `report` holds them to it.

export const NAMES = { nats: 'nats', attention: 'attention', embedding: 'embedding' } as const;

/** Sum of a map, nats, below which it is not drawn at all. */
export const LEAST = 0.1;
