/// The store contract and a hostile disk.
package dev.larder.testkit;
