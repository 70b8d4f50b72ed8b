import { dictionary } from '$lib/i18n/language.svelte';

import { en } from './en';
import { zh } from './zh';

/** The lab's words: `t().actions.run`. */
export const t = dictionary(zh, en);
