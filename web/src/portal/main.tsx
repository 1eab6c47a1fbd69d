import { QueryClientProvider } from '@tanstack/react-query';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { register } from '@/lib/i18n';
import { auth } from '@/lib/i18n/en/auth';
import { common } from '@/lib/i18n/en/common';
import { portal } from '@/lib/i18n/en/portal';
import { problems } from '@/lib/i18n/en/problems';
import { queryClient } from '@/lib/query';
import { UiProvider } from '@/ui/provider';
import { Portal } from './portal';

register({ auth, common, portal, problems });

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <UiProvider>
          <Portal />
        </UiProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
