/** The snippets of the documentation, as code that compiles and runs. */
@NullMarked
package io.coordinator.docs;

import org.jspecify.annotations.NullMarked;
