import { Outlet } from '@tanstack/react-router';
export function ProjectPage() {
  return <Outlet />;
}
export function ProjectIndex() {
  return null;
}
