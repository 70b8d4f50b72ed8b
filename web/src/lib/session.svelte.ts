/** Who is at the page. */

import { whenUnknown } from './api/client';
import * as api from './api/session';
import type { Account, Role, Session } from './api/types';
import { language } from './i18n/language.svelte';

let known = $state<Session | null>(null);
/** The server forgot the session while a page was open: the page stays and a login is asked for over it. */
let lapsed = $state(false);

whenUnknown(() => {
  if (known?.account) lapsed = true;
});

const RANK: Record<Role, number> = { learner: 0, instructor: 1, operator: 2 };

export const session = {
  /** Whether the server was asked yet. */
  get ready(): boolean {
    return known !== null;
  },
  get account(): Account | null {
    return known?.account ?? null;
  },
  get setupNeeded(): boolean {
    return known?.setup_needed ?? false;
  },
  get version(): string {
    return known?.version ?? '';
  },
  get lapsed(): boolean {
    return lapsed;
  },
  /** Says whether the account may do what a role may do. */
  may(role: Role): boolean {
    return known?.account != null && RANK[known.account.role] >= RANK[role];
  },
  /** Asks the server who is there. */
  async look(): Promise<void> {
    known = await api.session();
  },
  /** Takes over what a login, a setup or an invitation gave. */
  async entered(): Promise<void> {
    const before = known?.account?.id;
    await session.look();
    // Somebody else has logged in over this page: nothing of it is theirs.
    if (lapsed && before !== known?.account?.id) location.assign('/');
    lapsed = false;
    if (known?.account) language.set(known.account.language);
  },
  /** Takes over what a change of the account's settings gave. */
  changed(to: Session): void {
    known = to;
  },
  async leave(): Promise<void> {
    await api.logout();
    await session.look();
    lapsed = false;
  },
};
