import type { ReactNode } from 'react';
import { Logo } from '../../ui/logo.tsx';
import classes from './auth-card.module.css';

/** The frame of the pages one sees before being signed in. */
export function AuthCard({ title, text, children }: { title: string; text?: ReactNode; children: ReactNode }) {
  return (
    <main className={classes.stage}>
      <title>{`${title} · Errata`}</title>
      <div className={classes.card}>
        <div className={classes.brand}>
          <Logo size={26} /> Errata
        </div>
        <div className={classes.box}>
          <h1 className={classes.title}>{title}</h1>
          <p className={classes.text}>{text}</p>
          {children}
        </div>
      </div>
    </main>
  );
}
