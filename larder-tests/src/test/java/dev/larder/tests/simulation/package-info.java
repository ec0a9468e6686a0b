/// Tests of the simulated disk, and of the promise that it behaves as the real one does.
package dev.larder.tests.simulation;
