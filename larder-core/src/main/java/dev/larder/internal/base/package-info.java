/// Helpers that every layer may use: work in the background, and the store's present.
package dev.larder.internal.base;
