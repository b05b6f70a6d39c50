"""市町村の担当者: whom a municipality has for the joint programme, from when until when."""
