/**
 * What model cards have in common, as JSON; see {@link io.github.facemask.internal.cards.CardJson}.
 * Not part of the public API.
 */
package io.github.facemask.internal.cards;
