import type { ProjectSettings } from '../../projects/project.entity.ts';
import { type Secrecy, secrecyOf } from './field-names.ts';

/** The part of a project's settings that decides what is removed. */
export type ScrubSettings = Pick<
  ProjectSettings,
  'scrubDefaults' | 'scrubEmails' | 'scrubIpAddresses' | 'sensitiveFields' | 'safeFields'
>;

/** What a field's name says about its value: `version` fields hold no addresses, though they look like it. */
export type Verdict = Secrecy | 'safe' | 'version';

/** Which rules apply to a text. */
export interface TextRules {
  /** The built-in patterns. */
  readonly defaults: boolean;
  readonly emails: boolean;
  readonly ipAddresses: boolean;
  /** The text is program source: `token = next()` assigns no secret, only literals count. */
  readonly source: boolean;
  /** The project has sensitive names of its own, so that any `name: value` may matter. */
  readonly ownNames: boolean;
  judge(name: string): Verdict;
}

/** The rules of one project, ready for use. */
export interface Rules {
  readonly text: TextRules;
  readonly source: TextRules;
  /** For fields and tags that hold versions: `app@1.2.3.4` is neither an e-mail nor an address. */
  readonly version: TextRules;
  readonly active: boolean;
}

const KEPT_VERDICTS = 5000;
const prepared = new WeakMap<ScrubSettings, Rules>();

/** Prepares a project's settings once; they must be replaced, not changed, when the project changes them. */
export function rulesOf(settings: ScrubSettings): Rules {
  let rules = prepared.get(settings);
  if (rules === undefined) {
    rules = prepare(settings);
    prepared.set(settings, rules);
  }
  return rules;
}

function prepare(settings: ScrubSettings): Rules {
  const clean = (names: readonly string[]) => names.map((name) => name.trim().toLowerCase()).filter((name) => name !== '');
  const sensitive = clean(settings.sensitiveFields);
  const safe = new Set(clean(settings.safeFields));
  const verdicts = new Map<string, Verdict>();

  function decide(name: string): Verdict {
    const lower = name.toLowerCase();
    if (sensitive.some((part) => lower.includes(part))) return 'strong';
    if (safe.has(lower)) return 'safe';
    const secrecy = settings.scrubDefaults ? secrecyOf(name) : 'none';
    return secrecy === 'none' && /version|release|build|^(?:browser|os|runtime|dist)$/.test(lower) ? 'version' : secrecy;
  }

  /** The project's names (any part of a field's name, ignoring case) win over its safe ones (whole names), those over ours. */
  function judge(name: string): Verdict {
    let verdict = verdicts.get(name);
    if (verdict === undefined) {
      verdict = decide(name);
      if (verdicts.size >= KEPT_VERDICTS) verdicts.clear();
      verdicts.set(name, verdict);
    }
    return verdict;
  }

  const text: TextRules = {
    defaults: settings.scrubDefaults,
    emails: settings.scrubEmails,
    ipAddresses: settings.scrubIpAddresses,
    source: false,
    ownNames: sensitive.length > 0,
    judge,
  };
  return {
    text,
    source: { ...text, source: true },
    version: { ...text, emails: false, ipAddresses: false },
    active: settings.scrubDefaults || settings.scrubEmails || settings.scrubIpAddresses || sensitive.length > 0,
  };
}
