/**
 * The SDK: locks with fencing tokens, a linearizable cache, exactly-once builds and watches of a Coordinator cluster.
 * Start at {@link io.coordinator.client.CoordinatorClient#connect}. Packages named {@code internal} are no API.
 *
 * <h2 id="arguments">Arguments</h2>
 *
 * <p>What is said here holds for every method, record and builder of this package. Where one differs, it says so.
 *
 * <p>A bad argument is refused with {@link io.coordinator.client.error.ValidationException}, one that is too large with
 * {@link io.coordinator.client.error.PayloadTooLargeException}. The message names it, and nothing was changed.
 *
 * <p><b>When.</b> Records and options are checked when they are made, and names of handles when the handle is made
 * ({@code lock(name)}, {@code cache(namespace)}): these methods throw at once, also those of the asynchronous faces.
 * What is given to a call is checked by that call: a blocking method throws, an asynchronous one fails its stage. What
 * this client can check, it checks before anything is sent. The sizes named here are limits of the cluster, at their
 * defaults; operators can change some of them (see {@code docs/limits.md}). The cluster refuses what is larger before
 * it is written anywhere.
 *
 * <p><b>Null</b> may be given only where it says {@code @Nullable}, and means there what the description says. Anywhere
 * else it is a mistake of the caller, which ends in most places with a {@link java.lang.NullPointerException}, at once
 * or by the stage; do not rely on what it does in the others.
 *
 * <h2 id="times">Times</h2>
 *
 * <p>Times count in whole milliseconds. Part of a millisecond counts as a whole one, so that a short time is never
 * none. More than 146 years count as 146 years, which is as good as for ever:
 * {@code Duration.ofSeconds(Long.MAX_VALUE)} is no mistake.
 *
 * <ul>
 *   <li>A ttl, timeout, interval or lease must be more than 0. One of 0 or less is refused with
 *       {@link io.coordinator.client.error.ValidationException}.
 *   <li>A wait can be 0 or less: then the call tries once.
 *   <li>Times that the SDK gives back are never negative.
 *   <li>Points in time are milliseconds of the cluster's clock; 0, or empty, stands for never.
 * </ul>
 *
 * <h2 id="names">Names</h2>
 *
 * <p>Namespaces, keys, ids, names (of locks, semaphores, elections, tasks, clients), owners and operators have 1 to
 * 1,024 bytes of UTF-8, without the character NUL and without half of a surrogate pair. All other characters are
 * allowed, and are taken as they are. Prefixes, and the {@code after} of a listing, are of the same kind but can be
 * empty.
 *
 * <ul>
 *   <li>An empty name, NUL and half a surrogate pair are refused with
 *       {@link io.coordinator.client.error.ValidationException}, before anything is sent.
 *   <li>A longer name is refused with {@link io.coordinator.client.error.PayloadTooLargeException}, by the call that
 *       uses it: making a handle of it asks nobody.
 * </ul>
 *
 * <p>Steps of a {@link io.coordinator.client.document.Selector}, and names of members of a document, differ: they can
 * be empty and can have NUL. See there.
 *
 * <h2 id="values">Values</h2>
 *
 * <p>A value, as JSON in UTF-8 or as bytes, has at most 1 MiB ({@code value-bytes-max}), and all that one call sends at
 * most 3 MiB ({@code request-bytes-max}); a document has at most 2 MiB after each edit. What is larger is refused with
 * {@link io.coordinator.client.error.PayloadTooLargeException}. JSON is nested at most 256 deep, and one number has at
 * most 400 characters; otherwise it is refused with {@link io.coordinator.client.error.ValidationException}, or where
 * an edit can say so, by its outcome.
 *
 * <h2 id="numbers">Numbers</h2>
 *
 * <p>Revisions, fencing tokens, and ids of grants and sessions are numbers from 1 on that the cluster has given; 0
 * stands for none. One that it has not given is no error: it names nothing, and equals nothing.
 *
 * <p>The limit of a listing is at least 1; less is refused with
 * {@link io.coordinator.client.error.ValidationException}. There is no largest one, but a page has at most 100 rows (of
 * the cache 1,000) and about 1 MiB, whatever the limit, and says whether there is more.
 */
@NullMarked
package io.coordinator.client;

import org.jspecify.annotations.NullMarked;
