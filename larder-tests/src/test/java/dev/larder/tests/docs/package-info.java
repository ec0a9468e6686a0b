/// Tests of the documents: what they show is executed, what they name exists.
@NullMarked
package dev.larder.tests.docs;

import org.jspecify.annotations.NullMarked;
