// Cart, voucher, stock, payment.
import * as Sentry from '@sentry/node';
import { below, chance, pick } from '../people.mjs';
import { query } from './database.mjs';

class ValidationError extends Error {
  name = 'ValidationError';
  constructor(path, problem) {
    super(`${path}: ${problem}`);
    this.path = path;
  }
}
class HttpError extends Error {
  name = 'HttpError';
}
class PaymentError extends Error {
  name = 'PaymentError';
}
class CheckoutError extends Error {
  name = 'CheckoutError';
}

function discountOf(cart) {
  const { voucher } = cart;
  if (voucher === null) return 0;
  return Math.min(voucher.rule.amount * 100, total(cart.lines));
}

const total = (lines) => lines.reduce((sum, line) => sum + line.cents * line.quantity, 0);

function checkAddress(address) {
  if (!/^\d{5}$/.test(address.zip)) throw new ValidationError('shipping.zip', `expected 5 digits, got '${address.zip}'`);
  if (address.city.length < 2) throw new ValidationError('shipping.city', 'must not be empty');
}

async function askWarehouse(name, sku) {
  await null;
  if (chance(0.93)) return { name, sku, left: below(50) };
  throw new HttpError(`GET https://${name}.warehouse.internal/stock/${sku} answered ${pick([502, 503, 504])}`);
}

async function reserve(lines) {
  for (const { sku, quantity } of lines) {
    const offers = ['north', 'south', 'harbour'].map((name) => askWarehouse(name, sku));
    const { left } = await (chance(0.06)
      ? Promise.any(
          ['north', 'south', 'harbour'].map((name) =>
            Promise.reject(new HttpError(`GET https://${name}.warehouse.internal/stock/${sku} answered 503`)),
          ),
        )
      : Promise.any(offers));
    if (left < quantity) Sentry.captureMessage(`Inventory of ${sku} would fall below zero (${left - quantity})`, 'warning');
  }
}

async function charge(provider, cents) {
  Sentry.addBreadcrumb({ category: 'payment', message: `charging ${provider}`, data: { cents, currency: 'EUR' } });
  if (chance(0.94)) return { id: `ch_${below(1e9)}` };
  throw new HttpError(`POST https://api.${provider}.example/v2/charges answered ${pick([402, 502])}`);
}

async function pay(cart, provider) {
  try {
    return await charge(provider, total(cart.lines) - discountOf(cart));
  } catch (cause) {
    if (!(cause instanceof HttpError)) throw cause;
    throw new PaymentError(`${provider} did not take the payment of cart ${cart.id}`, { cause });
  }
}

async function sendReceipt(customer) {
  await query('select template from mail where name = $1', 'receipt');
  if (chance(0.03))
    throw Object.assign(new Error(`SMTP 421 4.7.0 mail queue is full, retry later (${customer.email})`), { code: 'EENVELOPE' });
}

/** POST /checkout */
export async function checkout({ customer, body }) {
  const { address, provider } = JSON.parse(body);
  checkAddress(address);
  const [cart] = await query('select * from cart where customer_id = $1', customer.id);
  Sentry.addBreadcrumb({ category: 'cart', message: `${cart.lines.length} lines, voucher ${cart.voucher?.code ?? 'none'}` });
  Sentry.setContext('cart', {
    id: cart.id,
    lines: cart.lines.length,
    total: total(cart.lines) / 100,
    voucher: cart.voucher?.code,
  });
  await reserve(cart.lines);
  let payment;
  try {
    payment = await pay(cart, provider);
  } catch (cause) {
    if (!(cause instanceof PaymentError)) throw cause;
    throw new CheckoutError('the order could not be placed', { cause });
  }
  sendReceipt(customer); // nobody waits for it, and nobody catches it
  return { status: 201, order: payment.id };
}
