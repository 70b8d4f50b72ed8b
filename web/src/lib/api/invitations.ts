import { at, get, post, remove } from './client';
import type { Invitation, InvitationFor, MadeInvitation, NewInvitation } from './types';

/** What an invitation is for, as the one who got it may know it. */
export const lookAt = (token: string) => get<InvitationFor>(at`/api/invitations/${token}`, { mayBeUnknown: true });

export const list = (signal?: AbortSignal) => get<Invitation[]>('/api/invitations', signal && { signal });

export const invite = (invitation: NewInvitation) => post<MadeInvitation>('/api/invitations', invitation);

export const revoke = (id: string) => remove(at`/api/invitations/${id}`);
