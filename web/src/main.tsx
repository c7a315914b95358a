import '@mantine/core/styles.layer.css';
import '@mantine/notifications/styles.layer.css';
import '@mantine/spotlight/styles.layer.css';
import './ui/app.css';
import { ApolloProvider } from '@apollo/client/react';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { createApi } from './lib/apollo.ts';
import { onSessionEnded } from './lib/session.ts';
import { createDashboardRouter } from './routes.tsx';
import { installThemeVariables, ThemeProvider } from './ui/theme-provider.tsx';

installThemeVariables();
const { client } = createApi();
const router = createDashboardRouter({ client });

// A session that ended leads to the sign-in page, which remembers where one was.
onSessionEnded(async () => {
  const { pathname, href } = router.state.location;
  if (pathname === '/sign-in' || pathname === '/join') return;
  await router.navigate({ to: '/sign-in', search: href === '/' ? {} : { next: href } });
  await client.clearStore();
});

const place = document.getElementById('root');
if (place === null) throw new TypeError('index.html has no #root');
createRoot(place).render(
  <StrictMode>
    <ThemeProvider>
      <ApolloProvider client={client}>
        <RouterProvider router={router} />
      </ApolloProvider>
    </ThemeProvider>
  </StrictMode>,
);
