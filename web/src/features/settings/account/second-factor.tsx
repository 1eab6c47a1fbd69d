import { useSuspenseQuery } from '@tanstack/react-query';
import { useState, type FormEvent } from 'react';
import type { components } from '@/api/schema';
import { answer, api } from '@/lib/api/client';
import { texts } from '@/lib/i18n';
import { Button } from '@/ui/button';
import { CopyField } from '@/ui/copy';
import { ProblemNotice, Tag } from '@/ui/feedback';
import { TextInput } from '@/ui/inputs';
import { Group, Stack } from '@/ui/layout';
import classes from '../settings.module.css';
import { secondFactorQuery } from '../shared/queries';
import { useAct } from '../shared/use-act';
import { RecoveryCodes } from './recovery-codes';

const t = texts('settings');
const common = texts('common');
const SHOWN_IN = [['settings', 'totp']];
type Offer = components['schemas']['SecondFactorOffer'];

/** Whether an authenticator app is asked for; setting it up, and what is left of the recovery codes. */
export function SecondFactor() {
  const { data: factor } = useSuspenseQuery(secondFactorQuery);
  const [offer, setOffer] = useState<Offer | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const act = useAct();
  const enrol = () =>
    void act.run({ call: () => answer(api.POST('/api/v1/auth/totp/enrol')), refresh: [], after: setOffer });
  const renew = () =>
    void act.run({
      call: () => answer(api.POST('/api/v1/auth/totp/recovery_codes')),
      refresh: SHOWN_IN,
      after: (made) => setCodes(made.recovery_codes),
    });
  const disable = () =>
    void act.run({
      call: () => answer(api.POST('/api/v1/auth/totp/disable')),
      done: t('secondFactorGone'),
      refresh: SHOWN_IN,
      after: () => setCodes(null),
    });

  if (codes) return <RecoveryCodes codes={codes} kept={() => setCodes(null)} />;
  if (offer) {
    const confirmed = (made: string[]) => {
      setOffer(null);
      setCodes(made);
    };
    return <Confirm offer={offer} confirmed={confirmed} cancel={() => setOffer(null)} />;
  }
  if (!factor.enabled) {
    return (
      <Group gap="md">
        <Tag tone="warn">{t('off')}</Tag>
        <Button loading={act.busy} onClick={enrol}>
          {t('secondFactorSetUp')}
        </Button>
      </Group>
    );
  }
  return (
    <Stack gap="sm">
      <Group gap="md">
        <Tag tone="ok">{t('on')}</Tag>
        <span>{t('recoveryLeft', { count: factor.recovery_codes_left })}</span>
      </Group>
      <Group gap="sm">
        <Button variant="default" loading={act.busy} onClick={renew}>
          {t('recoveryRenew')}
        </Button>
        <Button variant="default" loading={act.busy} onClick={disable}>
          {t('secondFactorDisable')}
        </Button>
      </Group>
    </Stack>
  );
}

/** The picture for the app, and the first code from it. */
function Confirm({ offer, confirmed, cancel }: { offer: Offer; confirmed: (codes: string[]) => void; cancel: () => void }) {
  const [code, setCode] = useState('');
  const act = useAct();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    void act.run(
      {
        call: () => answer(api.POST('/api/v1/auth/totp/confirm', { body: { code: code.replace(/\s/g, '') } })),
        done: t('secondFactorOn'),
        refresh: SHOWN_IN,
        after: (made) => confirmed(made.recovery_codes),
      },
      { inPlace: true },
    );
  };
  // A picture by address, not markup in the page: nothing in it can run.
  const picture = `data:image/svg+xml;utf8,${encodeURIComponent(offer.qr_svg)}`;
  return (
    <form onSubmit={submit} className={classes.form}>
      <Stack gap="md">
        <span>{t('secondFactorScan')}</span>
        <img className={classes.qr} src={picture} alt={t('secondFactorPicture')} />
        <CopyField label={t('secondFactorSecret')} value={offer.secret} />
        {act.error && <ProblemNotice error={act.error} />}
        <TextInput label={t('secondFactorCode')} inputMode="numeric" autoComplete="one-time-code" required value={code} onChange={(event) => setCode(event.currentTarget.value)} />
        <Group gap="sm">
          <Button type="submit" disabled={!code} loading={act.busy}>
            {t('secondFactorConfirm')}
          </Button>
          <Button variant="default" onClick={cancel}>
            {common('cancel')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
