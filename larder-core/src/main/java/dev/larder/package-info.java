/// The public interface of Larder.
package dev.larder;
