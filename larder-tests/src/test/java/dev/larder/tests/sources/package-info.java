/// Tests of the sources themselves: layers, style, the public interface, the launcher.
package dev.larder.tests.sources;
