export { Anchor, Kbd, Text, Title } from '@mantine/core';
