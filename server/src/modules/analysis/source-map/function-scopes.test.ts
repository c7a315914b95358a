import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { functionScopes } from './function-scopes.ts';

/** The function around the mark `@` in a text. */
function around(marked: string): string | undefined {
  const at = marked.indexOf('@');
  return functionScopes(marked.replace('@', '')).at(at);
}

describe('the function around a place', () => {
  it.each([
    ['a declaration', 'function pay(order) { return @order.total; }', 'pay'],
    ['an async generator', 'export default async function* walk() { @x }', 'walk'],
    ['one that is assigned', 'const pay = function (order) { @x }', 'pay'],
    ['an arrow with braces', 'const pay = async (order) => { @x };', 'pay'],
    ['an arrow without', 'const total = (items) => items.reduce(@x, 0);\nconst other = 1;', 'total'],
    ['an arrow of one word', 'const total = items => @items.length', 'total'],
    ['a typed variable', 'const handler: Handler<Order> = (order) => { @x };', 'handler'],
    ['a member that is assigned', 'this.onClick = () => { @x };', 'onClick'],
    ['a member of an object', 'const api = { save: (a) => { @x }, load() {} };', 'save'],
    ['a quoted member', "const api = { 'save all': function () { @x } };", 'save all'],
    ['a method of an object', 'const api = { save(a) { @x } };', 'save'],
    ['a method', 'class Cart extends Base { total() { return @x } }', 'Cart.total'],
    ['a constructor', 'export class Cart { constructor(a) { super(@a) } }', 'new Cart'],
    ['a field with an arrow', 'class Cart { handle = (e) => { @x } }', 'Cart.handle'],
    ['a typed field', 'class Cart { handle: Handler = (e) => { @x } }', 'Cart.handle'],
    ['an accessor', 'class Cart { get total(): number { @x } }', 'Cart.total'],
    ['a private method', 'class Cart { async #load<T>(id: string): Promise<T> { @x } }', 'Cart.#load'],
    ['a result type in braces', 'function pay(a: A): { ok: boolean } | null { @x }', 'pay'],
    ['an arrow with a result type', 'const pay = (a: A): Promise<void> => { @x };', 'pay'],
    ['generics', 'function first<T extends { id: number }>(a: T[]): T { @x }', 'first'],
    ['a callback', 'function pay() { items.map((item) => @item.id) }', '<anonymous>'],
    ['behind a callback', 'function pay() { items.map((item) => item.id); @x }', 'pay'],
    ['a wrapped component', 'const Cart = memo(function ({ items }) { @x });', 'Cart'],
    ['a wrapped arrow', 'export const useCart = createHook(() => { @x })', 'useCart'],
    ['no function', 'const a = 1;\n@throw new Error()', undefined],
    ['a control block', 'function pay() { if (a) { for (const b of c) { @x } } }', 'pay'],
    ['after an arrow without a semicolon', 'function pay() {\n  const f = (a) => a + 1\n  return @f(2)\n}', 'pay'],
    ['a regular expression with braces', 'function pay() { const a = /[{}"]/g.test(b); @x }', 'pay'],
    ['a division', 'function pay() { const a = b / 2; const c = d / 3; @x }', 'pay'],
    ['comments and strings with braces', 'function pay() { /* } */ const s = "}"; // }\n @x }', 'pay'],
    // biome-ignore lint/suspicious/noTemplateCurlyInString: a text to be read
    ['templates', 'function pay() { const s = `a ${b ? `${c}` : "}"} }`; @x }', 'pay'],
    ['JSX', 'function Cart() { return <div title="x">it\'s {items.map((i) => i)}</div>; }\nfunction pay() { @x }', 'pay'],
    ['a default argument', 'function pay(order = { total: 0 }) { @x }', 'pay'],
    ['a nested function', 'function outer() { function inner() { @x } }', 'inner'],
    ['behind a nested function', 'function outer() { function inner() { x } @y }', 'outer'],
  ])('%s', (_, text, name) => {
    expect(around(text)).toBe(name);
  });

  it('answers for any text, quickly', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom(...'({[<=>)}]\'"`$/\\*:;,. \nafunction class x'), maxLength: 300 }),
        (text) => {
          const found = functionScopes(text);
          for (let at = 0; at < text.length; at += 7) found.at(at);
        },
      ),
    );
    const hostile = `${'({['.repeat(20_000)}${'=>'.repeat(20_000)}${')'.repeat(20_000)}${'/'.repeat(20_001)}`;
    const begun = performance.now();
    functionScopes(hostile).at(hostile.length - 1);
    expect(performance.now() - begun).toBeLessThan(3_000);
  });
});
