import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { register } from '@/lib/i18n';
import { auth } from '@/lib/i18n/en/auth';
import { common } from '@/lib/i18n/en/common';
import { fields } from '@/lib/i18n/en/fields';
import { problems } from '@/lib/i18n/en/problems';
import { shell } from '@/lib/i18n/en/shell';
import { queryClient } from '@/lib/query';
import { UiProvider } from '@/ui/provider';
import { router } from './router';

// Other pages bring theirs along.
register({ auth, common, fields, problems, shell });

const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <QueryClientProvider client={queryClient}>
        <UiProvider>
          <RouterProvider router={router} />
        </UiProvider>
      </QueryClientProvider>
    </StrictMode>,
  );
}
