package io.coordinator.state.kernel;

import io.coordinator.protocol.Answer;
import io.coordinator.protocol.Chore;
import io.coordinator.protocol.Command;
import io.coordinator.protocol.DataKind;
import io.coordinator.protocol.Query;
import io.coordinator.protocol.Reply;
import io.coordinator.protocol.Stats;
import java.util.function.ObjLongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * One kind of data: its operations, and what time and the end of a session do to it. All of it is a function of the
 * rows and the arguments. A refusal is a reply; what an exception leaves behind is undone, so whatever is derived from
 * the rows must be taken back with them ({@link UndoLog}). Work that grows with the state is done in slices.
 *
 * <p>The admission methods touch no state and may be called on any thread.
 */
public interface DataType {

    /** Its number is that of its field in {@code Command}, {@code Query}, {@code Reply} and {@code Answer}. */
    DataKind kind();

    /** Says what is wrong with a command whatever the state, before it is proposed. */
    void admit(Command command, Check check);

    /** Says what is wrong with a query whatever the state. */
    void admit(Query query, Check check);

    /**
     * Applies one command. Total: it answers any arguments, also those that admission would have refused.
     *
     * @return the outcome; seq and revision are filled in by the caller
     * @throws UnknownOperationException if a {@code oneof} is not set to anything this version knows
     */
    Reply.Builder apply(Context at, Command command, Effects effects);

    /** Answers from the rows at a cluster time; the caller fills in id, revision and time. */
    Answer.Builder query(Context at, Query query);

    /** Ends what this deadline was set for. The row is still there and must change so that the deadline goes. */
    void expire(Context at, Deadline due, Effects effects);

    /**
     * Releases what an ended session holds or waits for, in an order that depends on the rows alone, until the slice is
     * spent.
     *
     * @return whether nothing is left
     */
    boolean sessionClosed(Context at, long sessionId, Effects effects, Slice slice);

    /**
     * Goes on with a job that was left for {@linkplain Effects#later later}, until the slice is spent.
     *
     * @return how it goes on; null if it is done
     */
    default @Nullable Chore resume(Context at, Chore chore, Effects effects, Slice slice) {
        throw new IllegalStateException(kind() + " leaves nothing for later");
    }

    /**
     * How a job begins that gives a session what it could not be told before: it had left too many events of this kind
     * unacknowledged, and has credit again. {@link #resume} does it.
     *
     * @return null if the type gives nothing to sessions that do not ask again
     */
    default Chore.@Nullable Builder hearsAgain(long sessionId) {
        return null;
    }

    /** Whether a command only gives things up, and so is welcome when the state has reached its quota. */
    boolean isFreeing(Command command);

    /**
     * Whether a command is the cluster's own: it belongs to no session, as all others do, and is proposed by the leader
     * alone.
     */
    default boolean isOwn(Command command) {
        return false;
    }

    /**
     * Whether a command can be taken back after it was done, and so be part of a transaction. What tells a session
     * something, or holds for it, cannot.
     */
    default boolean isReversible(Command command) {
        return false;
    }

    /**
     * How many edits and JSON values a command brings, however small: each is read by itself before the command is
     * admitted. On any thread.
     */
    default long values(Command command) {
        return 0;
    }

    /** What conditions of transactions can ask of it; null for nothing. */
    default @Nullable Conditional conditions() {
        return null;
    }

    /**
     * The state is that of another cluster from now on, and what was seen of its numbers after it was copied is not
     * known: none of them may be given out again, and nothing that was true then may be taken for true now. No session
     * is open, no job is left, and all is loaded anew afterwards, so that nothing that is derived need be right.
     *
     * @param leftOut how many numbers of each kind to leave out
     */
    default void beginAnew(long leftOut) {}

    /** Derives what is not stored from the rows, after they have been loaded. */
    void rebuild();

    /** Tells how many there are of what: {@code documents}, {@code lockWaiters}. The names are seen by people. */
    void count(ObjLongConsumer<String> counts);

    /** Tells more than can be counted at once: sums over what there is, and what stands out, in bounded time. */
    default void rank(Context at, Stats.Builder stats) {}
}
