package io.coordinator.client.error;

/** The stable name of each kind of failure (G-14). Names never change; new ones may be added. */
public enum ErrorCode {
    /** No node could be reached. */
    EDISCONNECTED,
    /** The call's deadline passed without an answer. */
    ETIMEOUT,
    /** No leader with a quorum is known. */
    ENOLEADER,
    /** The session's lease passed; everything it held is gone. */
    ESESSION,
    /** Bad or missing credentials. */
    EAUTH,
    /** The credentials do not allow this. */
    EACCES,
    /** A bad argument or configuration. */
    EINVAL,
    /** The cluster's version does not know this command. */
    EUNKNOWN,
    /** An unexpected failure inside the cluster. */
    EBROKER,
    /** The value or the request is above the cluster's limit. */
    ETOOLARGE,
    /** A limit on pending work was reached. */
    EBUSY,
    /** The cluster's state has reached its quota; deletes and releases go on. */
    ENOSPACE,
    /** A defect in the cluster: the command was undone. */
    EINTERNAL,
    /** An increment of something that is no number. */
    ENOTNUMBER,
    /** An increment beyond 64 bits, or a lock that is entered once more than it can be. */
    EOVERFLOW,
    /** The lock was not granted within its wait. */
    ELOCKTIMEOUT,
    /** Another holder has the lock. */
    ELOCKHELD,
    /** The grant to be extended is gone. */
    ELOCKEXTEND,
    /** The grant to be released is gone. */
    ELOCKRELEASE,
    /** A set of locks was not acquired, or not extended. */
    EMULTILOCK,
    /** Something was released by a stranger. */
    ENOTOWNER,
    /** The guard's token is not the live grant's. */
    EFENCED,
    /** The counter of fencing tokens has reached its end. */
    EFENCEEXHAUSTED,
    /** There is no such key. */
    EKEYNOTFOUND,
    /** The value is being built. */
    EBUILDPENDING,
    /** Another builder did not finish within the caller's wait. */
    EBUILDTIMEOUT,
    /** The builder's function failed. */
    EBUILDFAILED,
    /** The reservation ended before its builder completed. */
    EBUILDLOST,
    /** A build's function would wait for its own result. */
    EBUILDCIRCLE,
    /** A subscriber did not keep up. */
    ESLOWCONSUMER,
    /** One of several edits that belong together cannot be made; none was. */
    EBATCH,
    /** A transaction took longer than it may; nothing of it was applied. */
    ETXEXPIRED,
    /** A transaction was begun inside another one of the same document. */
    ETXNESTED,
    /** Nobody has finished the job in time; ask again. */
    EQUEUENORESPONSE,
    /** The job failed in another process. */
    EREMOTE,
    /** Nobody serves calls of this name. */
    ENOHANDLER,
    /** The handler of a call failed in its worker. */
    EHANDLER,
    /** The worker that had the call is gone. */
    EHANDLERGONE,
    /** A call without a timeout of its own had no result in the default time. */
    ECALLTIMEOUT,
    /** The attempts of a job are used up. */
    EJOBFAILED,
    /** A job was cancelled. */
    EJOBCANCELLED,
    /** An expected revision was not the current one. */
    ECONFLICT,
    /** A wrapped call ran too long. */
    EEXECTIMEOUT,
    /** The revision asked for is no longer kept. */
    ECOMPACTED,
    /** The client, or the part of it that was used, is closed. */
    ECLOSED,
    /** The cluster's name or protocol version is not the one expected. */
    EMISMATCH,
    /** The calling thread was interrupted while it waited. */
    EINTERRUPTED
}
