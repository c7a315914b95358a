import { describe, expect, it } from 'vitest';
import { functionName } from './function-name.ts';

describe('function names in scripts', () => {
  it.each([
    ['Object.aha', 'aha'],
    ['async charge', 'charge'],
    ['new Cart', 'Cart'],
    ['Shop.charge [as onClick]', 'charge'],
    ['charge$1', 'charge'],
    ['Context.<anonymous>', ''],
    ['test/<', ''],
    ['Anonymous function', ''],
  ])('%s', (raw, name) => {
    expect(functionName(raw, undefined, 'script').name).toBe(name);
  });

  it('keeps the receiver of a caller on a server', () => {
    expect(functionName('GitResolver.resolve', undefined, 'script-with-receiver').name).toBe('GitResolver.resolve');
    expect(functionName('Object.resolve', undefined, 'script-with-receiver').name).toBe('resolve');
  });
});

describe('function names of compiled and dynamic languages', () => {
  it.each([
    ['MoveNext', 'Shop.Cart+<ChargeAsync>d__12', 'ChargeAsync'],
    ['<SearchAsync>b__511_0', 'Shop.Client+<>c', 'SearchAsync'],
    ['lambda$charge$3', 'shop.Cart', 'lambda$charge'],
    ['block (2 levels) in charge', undefined, 'charge'],
    ['anonymous fn/2 in Shop.Cart.charge/1', undefined, 'Shop.Cart.charge/1'],
    ['closure #1 in Cart.charge()', undefined, 'Cart.charge'],
    ['(*Cart).Charge.func1.2', 'shop', '(*Cart).Charge.func'],
    ['shop::cart::charge::h0123456789abcdef', undefined, 'shop::cart::charge'],
    ['void shop::charge<int>(int, char const*) const', undefined, 'shop::charge'],
    ['charge [clone .isra.0]', undefined, 'charge'],
    ['-[Cart charge:]', undefined, '-[Cart charge:]'],
    ['Shop\\Cart::{closure}', undefined, ''],
    ['Shop\\Cart@anonymous\u0000/srv/x.php:12$0::charge', undefined, 'Shop\\Cart@anonymous::charge'],
    ['<lambda>', undefined, ''],
    ['0x7ffe12', undefined, ''],
  ])('%s', (raw, module, name) => {
    expect(functionName(raw, module, 'compiled').name).toBe(name);
  });
});

describe('what a name says about the place', () => {
  it.each([
    ['charge', 'named'],
    ['checkout', 'named'],
    ['throwaway', 'named'],
    ['failover', 'named'],
    ['getDefault', 'named'],
    ['responseError', 'named'],
    ['assertPaid', 'guard'],
    ['check_amount', 'guard'],
    ['Shop::Cart::validate!', 'guard'],
    ['tiny_invariant', 'guard'],
    ['invariants_of', 'named'],
    ['createPaymentError', 'reporter'],
    ['raise_for_status', 'reporter'],
    ['findOrFail', 'reporter'],
    ['sendRequest', 'reporter'],
    ['requestBody', 'named'],
    ['MustCharge', 'guard'],
    ['<anonymous>', 'anonymous'],
  ])('%s is %s', (raw, specificity) => {
    expect(functionName(raw, undefined, 'compiled').specificity).toBe(specificity === 'anonymous' ? 'named' : specificity);
    if (specificity === 'anonymous') expect(functionName(raw, undefined, 'script').specificity).toBe('anonymous');
  });
});
