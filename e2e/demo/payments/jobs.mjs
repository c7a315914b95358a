// The jobs of the payments worker. Which of them fail depends on the release, as it does.
import assert from 'node:assert/strict';
import { setTimeout as wait } from 'node:timers/promises';
import * as Sentry from '@sentry/node';
import { below, chance, hex, pick } from '../people.mjs';

class OptimisticLockError extends Error {
  name = 'OptimisticLockError';
}
class UpstreamError extends Error {
  name = 'UpstreamError';
}
class RetriesExhaustedError extends Error {
  name = 'RetriesExhaustedError';
}
class LedgerMismatchError extends Error {
  name = 'LedgerMismatchError';
}

/** Tries three times; the last failure is the cause. */
async function withRetries(what, attempt) {
  let cause;
  for (let tries = 1; tries <= 3; tries += 1) {
    try {
      return await attempt();
    } catch (error) {
      cause = error;
      Sentry.addBreadcrumb({ category: 'retry', level: 'warning', message: `${what}: try ${tries} failed: ${error.message}` });
      await wait(5);
    }
  }
  throw new RetriesExhaustedError(`${what} failed 3 times`, { cause });
}

const toCents = (text) => Math.round(Number.parseFloat(text.replace(',', '.')) * 100);

async function settle(job, release) {
  const provider = pick(['stripe', 'adyen', 'klarna']);
  Sentry.setTag('provider', provider);
  await withRetries(`settlement with ${provider}`, async () => {
    await wait(2);
    if (chance(0.25)) throw new UpstreamError(`${provider} answered 503 to settlement ${job.id}`);
  });
  const cents = toCents(job.amount);
  // 4.2.0 brought big numbers, and forgot one place.
  if (release === '4.2.0' && cents > 90_000) return BigInt(cents) + job.fee;
  assert.ok(Number.isSafeInteger(cents), `amount is not a number of cents: ${job.amount}`);
  return cents;
}

async function refund(job) {
  await wait(2);
  const version = 3 + below(4);
  if (chance(0.16))
    throw new OptimisticLockError(
      `payment ${job.payment} was changed by another worker (expected version ${version}, found ${version + 1})`,
    );
  return { refunded: job.payment };
}

function* ledgerLines(job) {
  for (let n = 0; n < 4; n += 1)
    yield { account: `4${below(900) + 100}`, debit: n % 2 === 0 ? job.cents : 0, credit: n % 2 === 0 ? 0 : job.cents };
}

async function payout(job, release) {
  const lines = [...ledgerLines({ ...job, cents: toCents(job.amount) || 0 })];
  // Fixed in 4.1.3, and back since 4.2.1: somebody reverted a little too much.
  if ((release === '4.1.2' || release === '4.2.1') && chance(0.2)) lines.pop();
  const balance = lines.reduce((sum, line) => sum + line.debit - line.credit, 0);
  if (balance !== 0) throw new LedgerMismatchError(`ledger of payout ${job.id} is off by ${(balance / 100).toFixed(2)} EUR`);
  if (chance(0.02)) Buffer.from(job.iban, 'utf8').readUInt32BE(19); // RangeError, from Node itself
  return lines.length;
}

const kinds = { settle, refund, payout };

/** A job as it comes from the queue. */
export function nextJob() {
  return {
    id: `job_${hex(12)}`,
    kind: pick(['settle', 'settle', 'refund', 'payout']),
    payment: `pay_${hex(10)}`,
    amount: chance(0.97) ? `${below(1800)},${String(below(100)).padStart(2, '0')}` : pick(['', 'n/a', '—']),
    fee: 25,
    iban: `DE${below(90) + 10}5001051754073249`,
    attempts: 1 + below(2),
  };
}

/** Does one job; what goes wrong is reported, with the job beside it. Answers whether all went well. */
export function work(job, release) {
  return Sentry.withIsolationScope(async (scope) => {
    scope.setTransactionName(`job ${job.kind}`);
    scope.setTags({ queue: job.kind === 'payout' ? 'slow' : 'fast', job: job.kind });
    scope.setContext('job', job);
    scope.setUser({ id: `merchant-${below(30)}` });
    scope.addBreadcrumb({ category: 'queue', message: `took ${job.id}`, data: { attempts: job.attempts } });
    try {
      await kinds[job.kind](job, release);
      return true;
    } catch (error) {
      Sentry.captureException(error, { level: error.name === 'LedgerMismatchError' ? 'fatal' : 'error' });
      return false;
    }
  });
}
