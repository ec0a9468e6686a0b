/// Suites that see only what users see.
package dev.larder.tests;
