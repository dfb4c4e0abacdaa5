/**
 * What sheets write for characters that XML cannot hold, `_x000D_`, and for an underscore that would else begin such a
 * thing, `_x005F_` (ECMA-376 part 1, 22.9.2.19).
 */
export const unescaped = (text: string): string =>
  text.replace(/_x([\da-f]{4})_/gi, (_, code: string) => String.fromCharCode(Number.parseInt(code, 16)));
