import { register } from '@/lib/i18n';
import { common } from '@/lib/i18n/en/common';
import { portal } from '@/lib/i18n/en/portal';
import { problems } from '@/lib/i18n/en/problems';

register({ common, portal, problems });
