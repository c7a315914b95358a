// The shop's database: in memory, with the delays and the bad days of a real one.
import { below, chance, customers, hex, sleep } from '../people.mjs';

export class DatabaseTimeoutError extends Error {
  name = 'DatabaseTimeoutError';
}
export class PoolExhaustedError extends Error {
  name = 'PoolExhaustedError';
}

const state = { outageUntil: 0, open: 0 };

/** Makes the database slow for a while. */
export function beginOutage(ms) {
  state.outageUntil = Date.now() + ms;
}

async function connect() {
  state.open += 1;
  try {
    await sleep(1 + below(4));
    if (state.open > 40 || (Date.now() < state.outageUntil && chance(0.3)))
      throw new PoolExhaustedError(`no free connection after 2000 ms (${40 + below(8)} waiting, pool size 20)`);
    if (Date.now() < state.outageUntil || chance(0.004)) {
      const cause = Object.assign(new Error(`connect ETIMEDOUT 10.0.3.${10 + below(4)}:5432`), {
        code: 'ETIMEDOUT',
        syscall: 'connect',
      });
      throw new DatabaseTimeoutError('database did not answer within 3000 ms', { cause });
    }
  } finally {
    state.open -= 1;
  }
}

/** Runs a query; the rows are made up from the parameters. */
export async function query(sql, ...parameters) {
  try {
    await connect();
  } catch (error) {
    error.query = sql;
    error.parameters = parameters.length;
    throw error;
  }
  return rowsFor(sql, parameters);
}

function rowsFor(sql, [id]) {
  if (sql.includes('from customer')) return customers.filter((customer) => customer.id === id);
  if (sql.includes('from cart')) {
    // A voucher that was deleted while it lay in carts leaves a line without its rule.
    const voucher = chance(0.5) ? { code: `SPRING${below(90)}`, rule: chance(0.4) ? undefined : { amount: 5 } } : null;
    return [
      {
        id: hex(8),
        voucher,
        lines: Array.from({ length: 1 + below(5) }, () => ({
          sku: `SKU-${1000 + below(400)}`,
          quantity: 1 + below(3),
          cents: 499 + below(9000),
        })),
      },
    ];
  }
  if (sql.includes('from category'))
    return [
      { id: 7, name: 'Garden', parent: 3 },
      { id: 3, name: 'Home', parent: chance(0.5) ? 7 : null }, // somebody moved Home below Garden
    ];
  if (sql.includes('from product'))
    return id % 17 === 0 ? [] : [{ id, title: `Product ${id}`, releasedOn: id % 11 === 0 ? 'soon' : '2026-03-01' }];
  return [];
}
