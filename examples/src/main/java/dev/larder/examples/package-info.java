/// Small programs that use Larder.
package dev.larder.examples;
