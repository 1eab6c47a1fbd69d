/** What components need to know of the browser. */
export { useDebouncedValue, useLocalStorage, useMediaQuery } from '@mantine/hooks';
